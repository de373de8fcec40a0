//! The job of a scheduled run that writes `jenv.lock`: the slots of images with `rebuild`, the releases of entries with `keep`.

use std::fmt::Write;

use super::context::Context;
use super::steps::{checkout, clean, login, working_directory};
use super::yaml::{line, scalar};
use crate::ir::Commits;

/// Its key, and what `ci.sh` calls it.
pub(super) fn word(context: &Context<'_>) -> &'static str {
    if context.rebuilds() || context.upgrades() { "rebuild" } else { "releases" }
}

/// The job; `None` where nothing asks for it, or nothing says when it runs or how it gets jenvc.
pub(super) fn job(context: &Context<'_>) -> Option<String> {
    let get = context.output.check.as_deref().filter(|_| context.rebuilds() || context.keeps() || context.upgrades())?;
    let mut text = about(context).to_owned();
    let scheduled = format!("github.event_name == 'schedule' && {}", context.own_branch());
    let _ = writeln!(text, "    if: {}", line(&scheduled));
    text.push_str("    runs-on: ubuntu-24.04\n    timeout-minutes: 20\n    permissions:\n");
    text.push_str(
        "      contents: write # to commit jenv.lock and what follows from it\n      actions: write # to start the run that builds\n",
    );
    if context.output.commits == Commits::PullRequest {
        text.push_str("      pull-requests: write # to propose the commit\n");
    }
    if context.keeps() && context.own_token() {
        text.push_str("      packages: read # to see what has been pushed\n");
    }
    if let (Some(environment), true) = (&context.output.environment, context.keeps() || context.output.token.is_some()) {
        let _ = writeln!(text, "    environment: {}", scalar(environment));
    }
    text.push_str(&working_directory(context));
    text.push_str("    steps:\n");
    text.push_str(&checkout(context, ""));
    if context.keeps() {
        text.push_str(&login(context, false));
    }
    let _ = write!(text, "      - name: Get jenvc\n        run: {}\n", scalar(get));
    let token = context.output.token.as_ref().map_or_else(|| "github.token".to_owned(), |name| format!("secrets.{name}"));
    let (word, step) = if context.keeps() { ("releases", "Write down, compile, commit") } else { ("rebuild", "Move, compile, commit") };
    let command = format!("{} {word} {}", context.script(), super::shell::word(&context.program.main_file));
    let _ = write!(text, "      - name: {step}\n        env:\n          GH_TOKEN: ${{{{ {token} }}}}\n");
    let _ = write!(text, "          WORKFLOW: {}\n        run: {}\n", scalar(context.file()), line(&command));
    if context.keeps() {
        text.push_str(&clean(context));
    }
    Some(text)
}

/// The comment above the job, its key and its name.
fn about(context: &Context<'_>) -> &'static str {
    match (context.rebuilds() || context.upgrades(), context.keeps()) {
        (true, keeps) if context.upgrades() => match (context.rebuilds(), keeps) {
            (false, false) => {
                "  # --- On schedule: the lock moves to the newest versions that the constraints allow.\n  \
                 #     The run that builds what follows is started on the commit that says so.\n  \
                 rebuild:\n    name: move the lock\n"
            }
            (true, false) => {
                "  # --- On schedule: images with `rebuild` get the slot of today, and the lock moves to the newest versions that the\n  \
                 #     constraints allow. The run that builds what follows is started on the commit that says so.\n  \
                 rebuild:\n    name: move the rebuild slots and the lock\n"
            }
            (_, true) => {
                "  # --- On schedule: what the menus name, and the registry has, is written down, so that it can stay on offer.\n  \
                 #     Then the slots of `rebuild` and the lock move; the run that builds what follows is started on the commit\n  \
                 #     that says so.\n  \
                 rebuild:\n    name: write down releases, move the rebuild slots and the lock\n"
            }
        },
        (true, false) => {
            "  # --- On schedule: images with `rebuild` get the slot of today, and with it new tags.\n  \
             #     The run that builds them is started on the commit that says so.\n  \
             rebuild:\n    name: move the rebuild slots\n"
        }
        (true, true) => {
            "  # --- On schedule: what the menus name, and the registry has, is written down, so that it can stay on offer.\n  \
             #     Then images with `rebuild` get the slot of today, and with it new tags; the run that builds them is started\n  \
             #     on the commit that says so.\n  \
             rebuild:\n    name: write down releases, move the rebuild slots\n"
        }
        (false, _) => {
            "  # --- On schedule: what the menus name, and the registry has, is written down, so that it can stay on offer.\n  \
             releases:\n    name: write down releases\n"
        }
    }
}
