//! Rules over `output workflow` and `ci`: what GitHub would refuse, ignore or do otherwise than the program says.

use std::collections::BTreeSet;

use crate::base::or_nearest;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{CiPolicy, Image, Parent, Program, Repository, WorkflowOutput};

/// The actions that an emitted workflow uses.
const ACTIONS: [&str; 3] = ["actions/checkout", "docker/setup-buildx-action", "sigstore/cosign-installer"];
/// The images that its jobs run.
const TOOLS: [&str; 2] = ["docker/buildkit-syft-scanner", "moby/buildkit"];
/// GitHub starts no run from a larger workflow file, in bytes (docs.github.com, "Actions limits").
const MAX_WORKFLOW_BYTES: usize = 500_000;

/// From more images than this on, those that stand on the same ones share a job.
pub(crate) const SHARED_FROM: usize = 100;

/// Runs every rule of this file.
pub(super) fn check(program: &Program, repository: Option<&Repository>, findings: &mut Findings) {
    let Some(output) = &program.outputs.workflow else { return };
    path(output, findings);
    if let Some(repository) = repository {
        root(program, output, repository, findings);
    }
    companions(program, output, findings);
    actions(output, findings);
    schedule(output, findings);
    size(program, output, findings);
    rebuild(program, output, findings);
    for image in &program.images {
        runner(program, image, findings);
    }
}

/// J0711
fn rebuild(program: &Program, output: &WorkflowOutput, findings: &mut Findings) {
    let missing: Vec<&str> = [("schedule", output.schedule.is_none()), ("check", output.check.is_none())]
        .into_iter()
        .filter_map(|(name, missing)| missing.then_some(name))
        .collect();
    if !program.rebuilds.is_empty() && !missing.is_empty() {
        let periods: Vec<&str> = program.rebuilds.iter().map(|period| period.word()).collect();
        findings.push(
            Diagnostic::new(&known::IDLE_REBUILD, output.origin, format!("nothing moves `rebuild {}`", periods.join("`, `")))
                .here(format!("the workflow has no `{}`", missing.join("` and no `")))
                .help("say `schedule = \"0 3 * * 1\"` and `check = \"…\"`, the command that gets jenvc; or run `jenvc update` by hand"),
        );
    }
}

/// J0712
fn root(program: &Program, output: &WorkflowOutput, repository: &Repository, findings: &mut Findings) {
    let source = program.project.source.as_deref();
    // A program that names no folder, in a repository other than its `source`, may be a copy of one.
    if output.root == repository.folder || (output.root.is_empty() && source.is_some_and(|source| !repository.is(source))) {
        return;
    }
    let place = |folder: &str| if folder.is_empty() { "at the top".to_owned() } else { format!("in `{folder}`") };
    let (said, is) = (place(&output.root), place(&repository.folder));
    let finding = Diagnostic::new(&known::ROOT_ELSEWHERE, output.origin, format!("the program is {is} of its repository, not {said}"))
        .here("GitHub reads workflows from the top of a repository, and their paths start there");
    findings.push(if repository.folder.is_empty() {
        finding.help("take `root` out")
    } else {
        let help = format!("write `root = \"{}\"`; the workflow is then written to the top", repository.folder);
        let copy = source.is_none().then_some("name the repository of the program with `source` in `project`, if this is a copy");
        finding.help(help).maybe_help(copy.map(Into::into))
    });
}

/// J0703
fn path(output: &WorkflowOutput, findings: &mut Findings) {
    let file = output.path.strip_prefix(".github/workflows/");
    let ending = file.filter(|file| !file.contains('/')).and_then(|file| file.rsplit_once('.'));
    if !ending.is_some_and(|(_, ending)| ending == "yml" || ending == "yaml") {
        let name = output.path.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let written = format!("\".github/workflows/{}.yml\"", if stem.is_empty() { "images" } else { stem });
        findings.push(
            Diagnostic::new(&known::WORKFLOW_OUT_OF_PLACE, output.named, format!("GitHub reads no workflow at `{}`", output.path))
                .here("workflows stand in `.github/workflows/` and end in `.yml`")
                .replace(format!("write `{written}`"), false, output.named, written.clone()),
        );
    }
}

/// J0705
fn companions(program: &Program, output: &WorkflowOutput, findings: &mut Findings) {
    // What is broken is left out of the program: an output that is missing because of it is not.
    if findings.has_errors() {
        return;
    }
    let outputs = &program.outputs;
    let missing = [
        ("bake", "output bake { path = \"docker-bake.json\" }", outputs.bake.is_none()),
        ("dockerfiles", "output dockerfiles { dir = \"images\" }", outputs.dockerfiles.is_none()),
    ];
    let missing: Vec<_> = missing.iter().filter(|(_, _, missing)| *missing).collect();
    if missing.is_empty() {
        return;
    }
    let names = missing.iter().map(|(name, ..)| format!("`output {name}`")).collect::<Vec<_>>().join(" and no ");
    let finding = Diagnostic::new(&known::WORKFLOW_WITHOUT_BUILD, output.origin, format!("the workflow has no {names} to build from"))
        .here("its jobs read what is written there");
    findings.push(missing.iter().fold(finding, |finding, (_, line, _)| finding.help(format!("add `{line}`"))));
}

/// J0702
fn actions(output: &WorkflowOutput, findings: &mut Findings) {
    for (name, _, _) in &output.actions {
        if !ACTIONS.contains(&name.as_str()) {
            findings.push(
                Diagnostic::new(&known::UNKNOWN_ACTION, output.origin, format!("the workflow uses no action `{name}`"))
                    .here("its commit is set here")
                    .maybe_help(or_nearest(name, ACTIONS)),
            );
        }
    }
    for (name, _) in &output.tools {
        if !TOOLS.contains(&name.as_str()) {
            findings.push(
                Diagnostic::new(&known::UNKNOWN_ACTION, output.origin, format!("the workflow runs no image `{name}`"))
                    .here("its digest is set here")
                    .maybe_help(or_nearest(name, TOOLS)),
            );
        }
    }
}

/// J0704
fn schedule(output: &WorkflowOutput, findings: &mut Findings) {
    let Some(cron) = &output.schedule else { return };
    let limits = [("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 6)];
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let wrong = if fields.len() == limits.len() {
        fields.iter().zip(limits).find(|(field, (name, low, high))| !is_cron_field(field, name, *low, *high))
    } else {
        None
    };
    let here = match wrong {
        Some((field, (name, low, high))) => format!("`{field}` is no {name}: {low} to {high}, `*`, lists, ranges and steps"),
        None if fields.len() == limits.len() => return,
        None => format!("{} fields where there should be five: minute, hour, day, month, weekday", fields.len()),
    };
    findings.push(
        Diagnostic::new(&known::BAD_SCHEDULE, output.origin, format!("`{cron}` is no time for a schedule"))
            .here(here)
            .help("write `schedule = \"0 3 * * 1\"` for Mondays at three, UTC"),
    );
}

/// Whether a field of a cron line is `*`, a number, a range or a list of them, each with a step or without.
fn is_cron_field(field: &str, name: &str, low: u32, high: u32) -> bool {
    let names: &[&str] = match name {
        "month" => &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        "day of the week" => &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
        _ => &[],
    };
    let value = |text: &str| {
        let word = names.iter().position(|known| known.eq_ignore_ascii_case(text));
        let number = word.and_then(|at| u32::try_from(at).ok()).map(|at| at + low).or_else(|| text.parse().ok());
        number.filter(|number| (low..=high).contains(number))
    };
    field.split(',').all(|part| {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0));
        let range = range == "*"
            || value(range).is_some()
            || range.split_once('-').is_some_and(|(a, b)| value(a) <= value(b) && value(a).is_some());
        step && range
    })
}

/// J0710
fn size(program: &Program, output: &WorkflowOutput, findings: &mut Findings) {
    let bytes = workflow_bytes(program, output);
    if bytes > MAX_WORKFLOW_BYTES {
        let built = program.built().map(|(_, image)| image).filter(|image| image.ci.skip.is_none());
        let (mut images, mut cells) = (0, 0);
        for image in built {
            images += 1;
            cells += image.cells.len();
        }
        let what = format!("{cells} cells of {images} images");
        findings.push(
            Diagnostic::new(&known::WORKFLOW_TOO_LARGE, output.origin, format!("GitHub starts no run of a workflow for {what}"))
                .here(format!("the file has about {} kB, and GitHub reads at most 500", bytes / 1000))
                .help("divide the program into several, each with its own workflow"),
        );
    }
}

/// About how long the workflow of a program is, in bytes: what each job and each target takes in the text that is emitted.
pub(crate) fn workflow_bytes(program: &Program, output: &WorkflowOutput) -> usize {
    /// What stands there whatever is built; a job without its names; another name in a list.
    const FIXED: usize = 5500;
    const JOB: usize = 545;
    const NAME: usize = 2;
    let built: Vec<&Image> = program.built().map(|(_, image)| image).filter(|image| image.ci.skip.is_none()).collect();
    let secrets = output.secrets.as_ref().map_or(0, |(user, password)| 2 * (user.len() + password.len()) + 60);
    let condition = program.project.github_repository().map_or(0, str::len) + program.project.branch.len();
    let mut bytes = FIXED;
    let mut jobs: BTreeSet<(BTreeSet<u32>, &CiPolicy)> = BTreeSet::new();
    for image in &built {
        // Each target stands in the matrices of the build, of the merge and, for a leaf, of the pull request.
        bytes += image.cells.iter().map(|cell| 3 * (image.name.len() + program[*cell].slug().len() + NAME)).sum::<usize>();
        let below = image.cells.iter().filter_map(|cell| if let Parent::Cell(cell) = program[*cell].parent { Some(cell) } else { None });
        let parents: BTreeSet<u32> = below.map(|cell| program[cell].image.0).collect();
        let parent_names: usize =
            parents.iter().filter_map(|id| program.images.get(*id as usize)).map(|image| image.name.len() + NAME).sum();
        // Many images that stand on the same ones share a job.
        if jobs.insert((parents, &image.ci)) || built.len() <= SHARED_FROM {
            // The name of the job is its key, and is needed by the merge and by the last job.
            bytes += JOB + condition + secrets + parent_names + 3 * (image.name.len() + NAME);
        }
    }
    bytes
}

/// J0706
fn runner(program: &Program, image: &Image, findings: &mut Findings) {
    let Some(runner) = image.ci.runner.as_deref().filter(|runner| !runner.contains("${{")) else { return };
    let platforms = image.cells.iter().map(|cell| program[*cell].platforms.len()).max().unwrap_or(0);
    if platforms > 1 {
        findings.push(
            Diagnostic::new(
                &known::RUNNER_FOR_TWO_PLATFORMS,
                image.origin,
                format!("`{}` is built for two platforms on one runner", image.name),
            )
            .here(format!("`{runner}` is of one of them, the other would run emulated or not at all"))
            .help("give the image the platform of its runner with `platforms`"),
        );
    }
}
