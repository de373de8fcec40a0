//! Steps that several jobs have.

use super::actions;
use super::context::{Context, OWN_CODE};
use super::yaml::{line, scalar};

/// `defaults` where the program stands in a folder of its repository.
pub(super) fn working_directory(context: &Context<'_>) -> String {
    let root = context.output.root.trim_matches('/');
    if root.is_empty() { String::new() } else { format!("    defaults:\n      run:\n        working-directory: {}\n", scalar(root)) }
}

/// The step that fetches the repository; `more` are further lines below `with:`.
pub(super) fn checkout(context: &Context<'_>, more: &str) -> String {
    format!(
        "      - name: Check out\n        uses: {}\n        with:\n          persist-credentials: false\n{more}",
        actions::CHECKOUT.uses(&context.output.actions)
    )
}

/// The step that logs in to the registry; `reusable`: in the part for which the caller says whether it publishes.
pub(super) fn login(context: &Context<'_>, reusable: bool) -> String {
    let secret = |name: &str| format!("secrets.{name}");
    let (condition, user, password) = match (context.secrets(), &context.output.read_secrets) {
        (Some((user, password)), None) => ("inputs.publish".to_owned(), secret(user), secret(password)),
        (Some((user, password)), Some((reader, word))) if reusable => {
            let either = |push: &str, read: &str| format!("inputs.publish && secrets.{push} || secrets.{read}");
            (format!("${{{{ {OWN_CODE} }}}}"), either(user, reader), either(password, word))
        }
        (Some((user, password)), Some(_)) => (String::new(), secret(user), secret(password)),
        (None, _) => (format!("${{{{ {OWN_CODE} }}}}"), "github.actor".to_owned(), "github.token".to_owned()),
    };
    let condition = if reusable { format!("        if: {}\n", line(&condition)) } else { String::new() };
    format!(
        "      - name: Log in\n{condition}        env:\n          USERNAME: ${{{{ {user} }}}}\n          \
         PASSWORD: ${{{{ {password} }}}}\n        run: {}\n",
        line(&format!("{} login {}", context.script(), super::shell::word(context.program.project.registry_host()))),
    )
}

/// The step that takes from the machine what the job has brought there.
pub(super) fn clean(context: &Context<'_>) -> String {
    format!("      - name: Leave nothing behind\n        if: always()\n        run: {}\n", line(&format!("{} clean", context.script())))
}
