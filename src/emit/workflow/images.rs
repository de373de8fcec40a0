//! `images.yml`: when it runs, and a job for each image.

use std::fmt::Write;

use super::context::{Context, OWN_CODE, escape_pattern, quoted};
use super::graph::{Graph, Job};
use super::steps::{checkout, clean, login, working_directory};
use super::yaml::{comment, line, list, scalar};
use super::{actions, update};
use crate::emit::Artifact;
use crate::ir::{Platform, PullRequests};

/// The workflow file.
pub(super) fn emit(context: &Context<'_>, graph: &Graph) -> Artifact {
    let mut text = format!(
        "{}# Tags are in {}: this file changes only when images, cells, platforms or policies do.\n",
        context.mark(),
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
    let mut ids = Vec::new();
    let mut sections = Vec::new();
    let fixed = [("fresh", fresh(context)), (update::word(context), update::job(context)), ("touched", touched(context, graph))];
    for (id, job) in fixed.into_iter().filter_map(|(id, job)| Some((id, job?))) {
        ids.push(id.to_owned());
        sections.push(job);
    }
    ids.extend(graph.tries.iter().chain(&graph.builds).chain(&graph.merges).map(|job| job.id.clone()));
    sections.extend(tries(context, graph));
    sections.extend(builds(context, graph));
    sections.extend(merges(context, graph));
    sections.push(gate(context, &ids));
    text.push_str(&sections.join("\n"));
    context.artifact(context.file(), text)
}

fn triggers(text: &mut String, context: &Context<'_>, graph: &Graph) {
    let paths = context.trigger_paths();
    let _ = writeln!(text, "on:\n  push:\n    branches: {}", list(&[escape_pattern(&context.program.project.branch)], 4, 10));
    let _ = writeln!(text, "    paths: {}", list(&paths, 4, 7));
    if !graph.tries.is_empty() || context.output.check.is_some() {
        text.push_str("  pull_request: # of any files: a check that is required must come to an end\n");
    }
    if let Some(cron) = &context.output.schedule {
        let _ = writeln!(text, "  schedule:\n    - cron: {}", scalar(cron));
    }
    text.push_str("  workflow_dispatch:\n\n");
}

/// How a job of its own begins that builds nothing: where it runs, for how long, with which rights.
fn small_job(about: &str, id: &str, name: &str, rest: &str) -> String {
    format!("  # --- {about}\n  {id}:\n    name: {name}\n{rest}    runs-on: ubuntu-24.04\n    timeout-minutes: 20\n")
}

/// The job that keeps stale artifacts out.
fn fresh(context: &Context<'_>) -> Option<String> {
    let get = context.output.check.as_deref()?;
    let main = super::shell::word(&context.program.main_file);
    let mut text = small_job("What is committed is what the program says.", "fresh", "artifacts are up to date", "");
    text.push_str("    permissions:\n      contents: read # to fetch the program\n");
    text.push_str(&working_directory(context));
    text.push_str("    steps:\n");
    text.push_str(&checkout(context, ""));
    let _ = write!(text, "      - name: Get jenvc\n        run: {}\n", scalar(get));
    let _ = write!(text, "      - name: Compare\n        run: {}\n", line(&format!("jenvc build --check --format github {main}")));
    Some(text)
}

/// The job that looks whether a request is about images at all.
fn touched(context: &Context<'_>, graph: &Graph) -> Option<String> {
    if graph.tries.is_empty() {
        return None;
    }
    let condition = format!("    if: {}\n", line(&format!("${{{{ {} }}}}", context.tries())));
    let about = "On a pull request, and where it is started by hand on another branch: whether images are touched.";
    let mut text = small_job(about, "touched", "what is touched", &condition);
    text.push_str("    permissions:\n      contents: read # to fetch the program\n");
    text.push_str("    outputs:\n      images: ${{ steps.touched.outputs.images }}\n");
    text.push_str(&working_directory(context));
    text.push_str("    steps:\n");
    text.push_str(&checkout(context, "          fetch-depth: 2 # the request, and what it is for\n"));
    let _ = write!(text, "      - name: Compare\n        id: touched\n        run: {}\n", line(&format!("{} touched", context.script())));
    Some(text)
}

/// The job whose name branch protection asks for.
fn gate(context: &Context<'_>, ids: &[String]) -> String {
    let rest = format!("    if: ${{{{ always() }}}}\n    needs: {}\n", list(ids, 4, 7));
    // Which of two jobs of one name a branch waits for, GitHub does not say.
    let name = if context.stem() == "images" { "all images".to_owned() } else { scalar(&format!("all images of {}", context.stem())) };
    let mut text = small_job("One name for all jobs, for branch protection.", "gate", &name, &rest);
    text.push_str(
        "    permissions: {}\n    steps:\n      - name: Look for a job that has failed\n        env:\n          \
         FAILED: ${{ contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled') }}\n        \
         run: test \"$FAILED\" = false\n",
    );
    text
}

fn tries(context: &Context<'_>, graph: &Graph) -> Vec<String> {
    let mut jobs = Vec::new();
    for job in &graph.tries {
        let what = match context.output.pull_requests {
            PullRequests::DefaultCells => "The default cell of each image on which nothing stands",
            PullRequests::All | PullRequests::None => "Each cell on which nothing stands",
        };
        let mut text = String::new();
        if jobs.is_empty() {
            let _ = write!(
                text,
                "  # --- {what}. Nothing is pushed; code of a fork gets no secret and no runner of one's own.\n  \
                 #     A parent that the registry has is pulled, one that this request changes is built in the same graph.\n",
            );
        }
        let _ = write!(text, "  {}:\n    needs: [touched]\n    if: needs.touched.outputs.images == 'true'\n", scalar(&job.id));
        text.push_str(&matrix(job));
        text.push_str("    permissions:\n      contents: read # to fetch the program\n");
        if context.own_token() {
            text.push_str("      packages: read # to pull parents\n");
        }
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
                "  # --- On {}: a job for each image, after those of the images below it. A cell starts where its own parent is there.",
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
            // A matrix counts as a whole: each cell looks for its own parent.
            let condition = format!("${{{{ !cancelled() && {} }}}}", context.publishes());
            let _ = writeln!(text, "    if: {}\n    needs: {}", line(&condition), list(&job.needs, 4, 7));
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
        if let Some(environment) = &context.output.environment {
            let _ = writeln!(text, "    environment: {}", scalar(environment));
        }
        text.push_str("    env:\n      TARGET: ${{ matrix.target }}\n");
        text.push_str(&working_directory(context));
        text.push_str("    steps:\n");
        text.push_str(&checkout(context, ""));
        text.push_str(&login(context, false));
        if context.output.sign {
            let _ = write!(text, "      - name: Get cosign\n        uses: {}\n", actions::COSIGN.uses(&context.output.actions));
        }
        let merge = format!("{} merge \"$TARGET\" {}", context.script(), arches.join(" "));
        let _ = write!(text, "      - name: Merge\n        run: {}\n", line(&merge));
        text.push_str(&clean(context));
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
        let runner = if publish { runner.clone() } else { for_own_code(runner) };
        let _ = writeln!(text, "      runner: {}", line(&runner));
    }
    if job.settings.free_disk {
        text.push_str("      free-disk: true\n");
    }
    let secrets = context.handed_secrets(job.secrets(), publish);
    if !secrets.is_empty() {
        text.push_str("    secrets:\n");
    }
    for name in secrets {
        let _ = writeln!(text, "      {}: ${{{{ secrets.{name} }}}}", scalar(name));
    }
    text
}

/// A runner as it is chosen for code of one's own; code of a fork goes to GitHub's.
fn for_own_code(runner: &str) -> String {
    let (mut pattern, mut values) = (String::new(), String::new());
    let mut rest = runner;
    while let Some((before, (value, after))) = rest.split_once("${{").and_then(|(before, after)| Some((before, after.split_once("}}")?))) {
        let _ = write!(pattern, "{before}{{{}}}", values.matches(", (").count());
        let _ = write!(values, ", ({})", value.trim());
        rest = after;
    }
    pattern.push_str(rest);
    let chosen = if values.is_empty() { quoted(&pattern) } else { format!("format({}{values})", quoted(&pattern)) };
    format!("${{{{ ({OWN_CODE}) && {chosen} || '' }}}}")
}
