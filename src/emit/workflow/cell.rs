//! `images-cell.yml`: the steps of one cell on one platform, once for all images.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::actions;
use super::context::{Context, quoted};
use super::graph::Graph;
use super::steps::{checkout, clean, login, working_directory};
use super::yaml::{line, scalar};
use crate::emit::Artifact;

/// The reusable part.
pub(super) fn emit(context: &Context<'_>, graph: &Graph) -> Artifact {
    let settings: Vec<_> = graph.tries.iter().chain(&graph.builds).map(|job| &job.settings).collect();
    let own_runners = settings.iter().any(|settings| settings.runner.is_some());
    let free_disk = settings.iter().any(|settings| settings.free_disk);
    let mut text = format!(
        "{}# One cell of one image on one platform: built, tested, and pushed under its content tag, unless the registry has it.\n",
        context.mark(),
    );
    let _ = writeln!(text, "name: {}\n", scalar(&format!("{}, one cell", context.stem())));
    text.push_str("on:\n  workflow_call:\n    inputs:\n      target: { type: string, required: true }\n");
    text.push_str("      arch: { type: string, required: true }\n      publish: { type: boolean, required: true }\n");
    text.push_str("      timeout: { type: number, required: true }\n");
    if own_runners {
        text.push_str("      runner: { type: string, required: false }\n");
    }
    if free_disk {
        text.push_str("      free-disk: { type: boolean, required: false }\n");
    }
    let build_secrets = graph.secrets();
    let secrets: BTreeSet<&str> =
        [true, false].into_iter().flat_map(|publish| context.handed_secrets(build_secrets.clone(), publish)).collect();
    if !secrets.is_empty() {
        text.push_str("    secrets:\n");
    }
    for name in secrets {
        let _ = writeln!(text, "      {}: {{ required: false }}", scalar(name));
    }
    text.push('\n');
    text.push_str(&permissions(context));
    let native = "inputs.arch == 'arm64' && 'ubuntu-24.04-arm' || 'ubuntu-24.04'";
    let runner = if own_runners { format!("inputs.runner || ({native})") } else { native.to_owned() };
    let _ = write!(text, "    runs-on: ${{{{ {runner} }}}}\n    timeout-minutes: ${{{{ inputs.timeout }}}}\n");
    if !context.own_token() {
        text.push_str("    permissions:\n      contents: read # to fetch the program\n");
    }
    if let Some(environment) = &context.output.environment {
        let chosen = format!("${{{{ inputs.publish && {} || '' }}}}", quoted(environment));
        let _ = writeln!(text, "    environment: {}", line(&chosen));
    }
    text.push_str("    env:\n      ARCH: ${{ inputs.arch }}\n      TARGET: ${{ inputs.target }}\n");
    text.push_str("      PUBLISH: ${{ inputs.publish }}\n      REVISION: ${{ github.sha }}\n");
    text.push_str(&working_directory(context));
    text.push_str("    steps:\n");
    text.push_str(&checkout(context, ""));
    text.push_str(&login(context, true));
    text.push_str(&steps(context, free_disk, &build_secrets));
    text.push_str(&clean(context));
    context.artifact(&context.cell_file(), text)
}

/// With the workflow's own token the job must be able to push when it publishes, and must not when it does not; only the
/// caller can tell.
fn permissions(context: &Context<'_>) -> String {
    if context.own_token() {
        "# Permissions are the caller's to give: to read for a pull request, to push packages for a publish. Said here, they would\n\
         # have to be the larger ones, and every caller would have to grant them.\n\
         jobs:\n  build: # zizmor: ignore[excessive-permissions]\n    name: build\n"
            .to_owned()
    } else {
        "permissions: {}\n\njobs:\n  build:\n    name: build\n".to_owned()
    }
}

fn steps(context: &Context<'_>, free_disk: bool, secrets: &BTreeSet<&str>) -> String {
    let run = |words: &str| format!("        run: {}\n", line(&format!("{} {words}", context.script())));
    let build = "        if: steps.plan.outputs.build == 'true'\n";
    let publish = "        if: steps.plan.outputs.build == 'true' && inputs.publish\n";
    let untested = "        if: steps.plan.outputs.test == 'true'\n";
    let tested = "        if: steps.plan.outputs.build == 'false' && steps.plan.outputs.test == 'true' && inputs.publish\n";
    let reference = "        env:\n          REF: ${{ steps.plan.outputs.ref }}\n";
    let mut text = format!("      - name: Ask the registry what it has\n        id: plan\n{}", run("plan \"$TARGET\""));
    if free_disk {
        let _ = write!(
            text,
            "      - name: Free the disk\n        if: steps.plan.outputs.build == 'true' && inputs.free-disk\n{}",
            run("free-disk")
        );
    }
    let mut environment = if secrets.is_empty() { String::new() } else { "        env:\n".to_owned() };
    for name in secrets {
        let _ = writeln!(environment, "          {}: ${{{{ secrets.{name} }}}}", scalar(name));
    }
    let _ = write!(
        text,
        "      - name: Set up the builder\n{build}        uses: {}\n        with:\n          driver-opts: {}\n",
        actions::BUILDX.uses(&context.output.actions),
        scalar(&format!("image={}", actions::BUILDKIT.reference(&context.output.tools)))
    );
    let _ = write!(text, "      - name: Build\n{build}{environment}{}", run("build \"$TARGET\""));
    let _ = write!(text, "      - name: Test\n{untested}{reference}{}", run("test \"$TARGET\" \"$REF\""));
    let _ =
        write!(text, "      - name: Read the tags that its contents give it\n{publish}{reference}{}", run("probe \"$TARGET\" \"$REF\""));
    let _ = write!(text, "      - name: Push what was tested\n{publish}{environment}{}", run("push \"$TARGET\""));
    let _ = write!(text, "      - name: Write down which tests it has passed\n{tested}{}", run("tested \"$TARGET\""));
    text
}
