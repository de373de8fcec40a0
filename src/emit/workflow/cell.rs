//! `images-cell.yml`: the steps of one cell on one platform, once for all images.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Context;
use super::actions;
use super::graph::Graph;
use super::images::{checkout, handed_over, login, working_directory};
use super::yaml::{comment, line, scalar};
use crate::emit::{Artifact, MARK};

/// The reusable part.
pub(super) fn emit(context: &Context<'_>, graph: &Graph) -> Artifact {
    let settings: Vec<_> = graph.tries.iter().chain(&graph.builds).map(|job| &job.settings).collect();
    let own_runners = settings.iter().any(|settings| settings.runner.is_some());
    let free_disk = settings.iter().any(|settings| settings.free_disk);
    let mut text = format!(
        "# {MARK}{}. Change that file, then run `jenvc build`.\n\
         # One cell of one image on one platform: built, tested, and pushed under its content tag, unless the registry has it.\n",
        comment(&context.program.main_file),
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
    let secrets = graph.secrets();
    if !context.own_token() || !secrets.is_empty() {
        text.push_str("    secrets:\n");
    }
    if !context.own_token() {
        text.push_str("      username: { required: false }\n      password: { required: false }\n");
    }
    for name in &secrets {
        let _ = writeln!(text, "      {}: {{ required: false }}", handed_over(name));
    }
    text.push('\n');
    text.push_str(&permissions(context));
    let native = "inputs.arch == 'arm64' && 'ubuntu-24.04-arm' || 'ubuntu-24.04'";
    let runner = if own_runners { format!("inputs.runner || ({native})") } else { native.to_owned() };
    let _ = write!(text, "    runs-on: ${{{{ {runner} }}}}\n    timeout-minutes: ${{{{ inputs.timeout }}}}\n");
    if !context.own_token() {
        text.push_str("    permissions:\n      contents: read # to fetch the program\n");
    }
    text.push_str("    env:\n      ARCH: ${{ inputs.arch }}\n      TARGET: ${{ inputs.target }}\n");
    text.push_str(&working_directory(context));
    text.push_str("    steps:\n");
    text.push_str(&checkout(context));
    text.push_str(&login(context, true));
    text.push_str(&steps(context, free_disk, &secrets));
    Artifact { path: context.cell_path(), text, executable: false }
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
    let overrides = &context.output.actions;
    let run = |words: &str| format!("        run: {}\n", line(&format!("{} {words}", context.script())));
    let build = "        if: steps.plan.outputs.build == 'true'\n";
    let publish = "        if: steps.plan.outputs.build == 'true' && inputs.publish\n";
    let reference = "        env:\n          REF: ${{ steps.plan.outputs.ref }}\n";
    let mut text = format!("      - name: Ask the registry what it has\n        id: plan\n{}", run("plan \"$TARGET\""));
    if free_disk {
        let _ = write!(
            text,
            "      - name: Free the disk\n        if: steps.plan.outputs.build == 'true' && inputs.free-disk\n{}",
            run("free-disk")
        );
    }
    let _ = write!(text, "      - name: Set up the builder\n{build}        uses: {}\n", actions::BUILDX.uses(overrides));
    let mut environment = if secrets.is_empty() { String::new() } else { "        env:\n".to_owned() };
    for name in secrets {
        let _ = writeln!(environment, "          {name}: ${{{{ secrets.{} }}}}", handed_over(name));
    }
    let _ = write!(text, "      - name: Build\n{build}{environment}{}", run("build \"$TARGET\""));
    let _ = write!(text, "      - name: Test\n{build}{reference}{}", run("test \"$TARGET\" \"$REF\""));
    let probe = run("probe \"$TARGET\" \"$REF\" >\"$RUNNER_TEMP/$TARGET.$ARCH.txt\"");
    let _ = write!(text, "      - name: Read the tags that its contents give it\n{publish}{reference}{probe}");
    let _ = write!(
        text,
        "      - name: Hand them to the merge\n{publish}        uses: {}\n        with:\n          \
         name: tags.${{{{ inputs.target }}}}.${{{{ inputs.arch }}}}\n          \
         path: ${{{{ runner.temp }}}}/${{{{ inputs.target }}}}.${{{{ inputs.arch }}}}.txt\n          \
         overwrite: true\n          retention-days: 3\n",
        actions::UPLOAD.uses(overrides)
    );
    let _ = write!(text, "      - name: Push\n{publish}{}", run("push \"$TARGET\""));
    text
}
