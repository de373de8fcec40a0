//! `images.yml`: when it runs, and a job for each image.

use std::fmt::Write;

use super::actions;
use super::graph::{Graph, Job};
use super::update;
use super::yaml::{comment, line, list, scalar};
use super::{Context, escape_pattern};
use crate::emit::{Artifact, MARK};
use crate::ir::{Platform, PullRequests};

/// The workflow file.
pub(super) fn emit(context: &Context<'_>, graph: &Graph) -> Artifact {
    let mut text = format!(
        "# {MARK}{}. Change that file, then run `jenvc build`.\n\
         # Tags are in {}: this file changes only when images, cells, platforms or policies do.\n",
        comment(&context.program.main_file),
        comment(&context.bake.path),
    );
    let _ = writeln!(text, "name: {}\n", scalar(context.stem()));
    triggers(&mut text, context, graph);
    text.push_str(
        "permissions: {}\n\n\
         concurrency:\n  group: ${{ github.workflow }}-${{ github.ref }}\n  \
         cancel-in-progress: ${{ github.event_name == 'pull_request' }} # a publish is never cut short\n\n\
         jobs:\n",
    );
    let mut sections = Vec::new();
    sections.extend(fresh(context));
    sections.extend(update::job(context));
    sections.extend(tries(context, graph));
    sections.extend(builds(context, graph));
    sections.extend(merges(context, graph));
    text.push_str(&sections.join("\n"));
    Artifact { path: context.output.path.clone(), text, executable: false }
}

fn triggers(text: &mut String, context: &Context<'_>, graph: &Graph) {
    let paths = context.trigger_paths();
    let _ = writeln!(text, "on:\n  push:\n    branches: {}", list(&[escape_pattern(&context.program.project.branch)], 4, 10));
    let _ = writeln!(text, "    paths: {}", list(&paths, 4, 7));
    if !graph.tries.is_empty() || context.output.check.is_some() {
        let _ = writeln!(text, "  pull_request:\n    paths: {}", list(&paths, 4, 7));
    }
    if let Some(cron) = &context.output.schedule {
        let _ = writeln!(text, "  schedule:\n    - cron: {}", scalar(cron));
    }
    text.push_str("  workflow_dispatch:\n\n");
}

/// The job that keeps stale artifacts out.
fn fresh(context: &Context<'_>) -> Option<String> {
    let get = context.output.check.as_deref()?;
    let main = super::shell::word(&context.program.main_file);
    let mut text = "  # --- What is committed is what the program says.\n  fresh:\n    name: artifacts are up to date\n".to_owned();
    text.push_str("    runs-on: ubuntu-24.04\n    timeout-minutes: 20\n    permissions:\n      contents: read # to fetch the program\n");
    text.push_str(&working_directory(context));
    text.push_str("    steps:\n");
    text.push_str(&checkout(context));
    let _ = write!(text, "      - name: Get jenvc\n        run: {}\n", scalar(get));
    let _ = write!(text, "      - name: Compare\n        run: {}\n", line(&format!("jenvc build --check --format github {main}")));
    Some(text)
}

fn tries(context: &Context<'_>, graph: &Graph) -> Vec<String> {
    let mut jobs = Vec::new();
    for job in &graph.tries {
        let what = match context.output.pull_requests {
            PullRequests::DefaultCells => "the default cell of each image on which nothing stands",
            PullRequests::All | PullRequests::None => "each cell on which nothing stands",
        };
        let mut text = String::new();
        if jobs.is_empty() {
            let secrets =
                if graph.tries.iter().any(|job| !job.secrets().is_empty()) { "a fork gets no secret" } else { "no secret is used" };
            let _ = write!(
                text,
                "  # --- On a pull request: {what}. Nothing is pushed, {secrets}.\n  \
                 #     A parent that the registry has is pulled, one that this request changes is built in the same graph.\n",
            );
        }
        let _ = write!(text, "  {}:\n    if: github.event_name == 'pull_request'\n", scalar(&job.id));
        text.push_str(&matrix(job));
        text.push_str("    permissions:\n      contents: read # to fetch the program\n");
        text.push_str(&call(context, job, false));
        jobs.push(text);
    }
    jobs
}

fn builds(context: &Context<'_>, graph: &Graph) -> Vec<String> {
    let mut jobs = Vec::new();
    for job in &graph.builds {
        let mut text = String::new();
        if jobs.is_empty() {
            let _ = writeln!(
                text,
                "  # --- On {}: a job for each image, after those of the images below it.",
                comment(&context.program.project.branch)
            );
            for (name, reason) in &graph.skipped {
                let _ = writeln!(text, "  #     Not built here: {}, because {}.", comment(name), comment(reason).trim_end_matches('.'));
            }
        }
        let _ = writeln!(text, "  {}:", scalar(&job.id));
        if job.needs.is_empty() {
            let _ = writeln!(text, "    if: {}", line(&context.publishes()));
        } else {
            let _ = writeln!(text, "    needs: {}", list(&job.needs, 4, 7));
        }
        text.push_str(&matrix(job));
        text.push_str("    permissions:\n      contents: read # to fetch the program\n");
        if context.own_token() {
            text.push_str("      packages: write # to push\n");
        }
        text.push_str(&call(context, job, true));
        jobs.push(text);
    }
    jobs
}

fn merges(context: &Context<'_>, graph: &Graph) -> Vec<String> {
    let mut jobs = Vec::new();
    for job in &graph.merges {
        let mut text = String::new();
        if jobs.is_empty() {
            text.push_str(
                "  # --- One name for all platforms, and the further tags. Off the critical path: an image is built on the\n  \
                 #     single-platform tag of its parent.\n",
            );
        }
        let arches: Vec<&str> = job.product().unwrap_or_default().iter().map(|platform| platform.arch()).collect();
        let targets: Vec<String> = job.rows.iter().map(|row| row.target.clone()).collect();
        let condition = format!("${{{{ !cancelled() && {} }}}}", context.publishes());
        let _ = write!(
            text,
            "  {}:\n    name: ${{{{ matrix.target }}}}, all platforms\n    if: {}\n    needs: {}\n    \
             strategy:\n      fail-fast: false\n      matrix:\n        target: {}\n",
            scalar(&job.id),
            line(&condition),
            list(&job.needs, 4, 7),
            list(&targets, 8, 8),
        );
        let _ = write!(
            text,
            "    runs-on: ubuntu-24.04\n    timeout-minutes: {}\n    permissions:\n      contents: read # to fetch the program\n",
            job.timeout
        );
        if context.own_token() {
            text.push_str("      packages: write # to push\n");
        }
        if context.output.sign {
            text.push_str("      id-token: write # to sign\n");
        }
        text.push_str("    env:\n      TARGET: ${{ matrix.target }}\n");
        text.push_str(&working_directory(context));
        text.push_str("    steps:\n");
        text.push_str(&checkout(context));
        text.push_str(&login(context, false));
        let overrides = &context.output.actions;
        let _ = write!(
            text,
            "      - name: Fetch the tags that the builds have read from their images\n        uses: {}\n        with:\n          \
             pattern: tags.${{{{ matrix.target }}}}.*\n          path: ${{{{ runner.temp }}}}/tags\n          merge-multiple: true\n",
            actions::DOWNLOAD.uses(overrides),
        );
        if context.output.sign {
            let _ = write!(text, "      - name: Get cosign\n        uses: {}\n", actions::COSIGN.uses(overrides));
        }
        let _ = write!(
            text,
            "      - name: Merge\n        run: {}\n",
            line(&format!("{} merge \"$TARGET\" {}", context.script(), arches.join(" ")))
        );
        jobs.push(text);
    }
    jobs
}

/// `strategy` of a job that calls the reusable part.
fn matrix(job: &Job) -> String {
    let mut text = "    name: ${{ matrix.target }}, ${{ matrix.arch }}\n    strategy:\n      fail-fast: false\n      matrix:\n".to_owned();
    let arches = |platforms: &[Platform]| platforms.iter().map(|platform| platform.arch().to_owned()).collect::<Vec<_>>();
    if let Some(platforms) = job.product() {
        let targets: Vec<String> = job.rows.iter().map(|row| row.target.clone()).collect();
        let _ = writeln!(text, "        target: {}\n        arch: {}", list(&targets, 8, 8), list(&arches(platforms), 8, 6));
    } else {
        text.push_str("        include:\n");
        for row in &job.rows {
            for arch in arches(&row.platforms) {
                let _ = writeln!(text, "          - {{ target: {}, arch: {arch} }}", scalar(&row.target));
            }
        }
    }
    text
}

/// `uses` and what follows it.
fn call(context: &Context<'_>, job: &Job, publish: bool) -> String {
    let mut text = format!(
        "    uses: {}\n    with:\n      target: ${{{{ matrix.target }}}}\n      arch: ${{{{ matrix.arch }}}}\n      \
         publish: {publish}\n      timeout: {}\n",
        scalar(&context.cell_uses()),
        job.timeout
    );
    if let Some(runner) = &job.settings.runner {
        let _ = writeln!(text, "      runner: {}", line(runner));
    }
    if job.settings.free_disk {
        text.push_str("      free-disk: true\n");
    }
    let mut secrets = Vec::new();
    if let (Some((user, password)), true) = (context.secrets(), publish) {
        secrets.extend([("username".to_owned(), user), ("password".to_owned(), password)]);
    }
    secrets.extend(job.secrets().into_iter().map(|name| (handed_over(name), name)));
    if !secrets.is_empty() {
        text.push_str("    secrets:\n");
    }
    for (called, name) in secrets {
        let _ = writeln!(text, "      {called}: ${{{{ secrets.{name} }}}}");
    }
    text
}

/// What the reusable part calls a secret of a build.
pub(super) fn handed_over(name: &str) -> String {
    format!("build_{}", name.to_ascii_lowercase())
}

/// `defaults` where the program stands in a folder of its repository.
pub(super) fn working_directory(context: &Context<'_>) -> String {
    let root = context.output.root.trim_matches('/');
    if root.is_empty() { String::new() } else { format!("    defaults:\n      run:\n        working-directory: {}\n", scalar(root)) }
}

/// The step that fetches the repository.
pub(super) fn checkout(context: &Context<'_>) -> String {
    format!(
        "      - name: Check out\n        uses: {}\n        with:\n          persist-credentials: false\n",
        actions::CHECKOUT.uses(&context.output.actions)
    )
}

/// The step that logs in to the registry; `reusable`: with the secrets that the caller hands over.
pub(super) fn login(context: &Context<'_>, reusable: bool) -> String {
    let (user, password) = match (context.secrets(), reusable) {
        (Some((user, password)), false) => (format!("secrets.{user}"), format!("secrets.{password}")),
        (Some(_), true) => ("secrets.username".to_owned(), "secrets.password".to_owned()),
        (None, _) => ("github.actor".to_owned(), "github.token".to_owned()),
    };
    let condition = if reusable { "        if: inputs.publish\n" } else { "" };
    format!(
        "      - name: Log in\n{condition}        env:\n          USERNAME: ${{{{ {user} }}}}\n          \
         PASSWORD: ${{{{ {password} }}}}\n        run: {}\n",
        line(&format!("{} login {}", context.script(), super::shell::word(context.program.project.registry_host()))),
    )
}
