//! A whole Dockerfile, from what its cells share and what they differ in, and the `….dockerignore` beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;

use super::body::{Body, Shell, Slot, push_word};
use super::quote;
use crate::base::Sources;
use crate::emit::artifact::{Artifact, MARK};
use crate::emit::plan::CellPlan;
use crate::ir::{CellId, Image, ImageRef, LockedList, Parent, Program, Segment};

/// What the compiler gives `SHELL`: a failing command stops a `RUN`, within a pipe, too.
const SHELL: &str = "SHELL [\"/bin/bash\", \"-e\", \"-o\", \"pipefail\", \"-c\"]\n";

/// The same where the image has no bash.
const ASH: &str = "SHELL [\"/bin/ash\", \"-e\", \"-o\", \"pipefail\", \"-c\"]\n";

/// Cells that share a file.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The body of the first of them.
    pub(super) body: Rc<Body<'a>>,
    /// The cells and what is their own.
    pub(super) cells: Vec<Member<'a>>,
}

/// A cell of a group.
#[derive(Clone, Debug)]
pub(super) struct Member<'a> {
    /// The cell.
    pub(super) id: CellId,
    /// Its body: the one of its recipe.
    pub(super) body: Rc<Body<'a>>,
}

/// Values of build arguments that the cells of a group differ in.
pub(super) struct Arguments<'a> {
    /// Axes: the axis, and the argument's name.
    axes: Vec<(&'a str, String)>,
    /// Images: the index in [`Body::images`], and the argument's name.
    images: Vec<(usize, String)>,
    /// Whether the base's digest differs.
    digest: bool,
}

impl<'a> Arguments<'a> {
    /// What the cells of a group differ in.
    pub(super) fn of(program: &Program, group: &Group<'a>, default: &Member<'a>) -> Self {
        let differs = |get: &dyn Fn(&Member<'a>) -> Option<String>| group.cells.iter().any(|member| get(member) != get(default));
        let free = |name: String| -> String {
            let taken = group.body.text.contains(&format!("{name}=")) || group.body.text.contains(&format!("ARG {name}\n"));
            if taken { format!("{name}_VALUE") } else { name }
        };
        let axes = default
            .body
            .axes
            .iter()
            .enumerate()
            .filter(|(at, _)| differs(&|member| member.body.axes.get(*at).map(|(_, value)| (*value).to_owned())));
        let axes = axes.map(|(_, (axis, value))| (*axis, free(argument_name(axis, value)))).collect();
        let images = group
            .body
            .images
            .iter()
            .enumerate()
            .filter(|(at, _)| differs(&|member| member.body.images.get(*at).map(|(_, image)| format!("{image:?}"))));
        let images = images.map(|(at, (name, _))| (at, free(format!("{}_IMAGE", upper(name))))).collect();
        let digest = differs(&|member| digest(program, member.id).map(str::to_owned));
        Self { axes, images, digest }
    }

    /// The arguments of one cell, `BASE` first.
    pub(super) fn values(&self, program: &Program, member: &Member<'a>, planned: &[CellPlan]) -> Vec<(String, String)> {
        let mut values = vec![("BASE".to_owned(), parent(program, member.id, planned))];
        if let (true, Some(digest)) = (self.digest, digest(program, member.id)) {
            values.push(("BASE_DIGEST".to_owned(), digest.to_owned()));
        }
        for (axis, name) in &self.axes {
            if let Some((_, value)) = member.body.axes.iter().find(|(known, _)| known == axis) {
                values.push((name.clone(), (*value).to_owned()));
            }
        }
        for (at, name) in &self.images {
            if let Some((_, image)) = member.body.images.get(*at) {
                values.push((name.clone(), reference(program, image, planned)));
            }
        }
        values
    }

    fn axis(&self, axis: &str) -> Option<&str> {
        self.axes.iter().find(|(known, _)| *known == axis).map(|(_, name)| name.as_str())
    }
}

/// The texts of a group: the Dockerfile and what it lets into the build context.
pub(super) fn write(
    program: &Program,
    sources: &Sources,
    group: &Group<'_>,
    arguments: &Arguments<'_>,
    default: &Member<'_>,
    planned: &[CellPlan],
) -> [Artifact; 2] {
    let image = &program[program[default.id].image];
    let ignored = |path: String| ignore(group, defined_in(program, sources, image), path);
    let Some(plan) = planned.get(default.id.0 as usize) else { return [ignored(String::new()), ignored(String::new())] };
    let mut text = String::with_capacity(group.body.text.len() + 1024);
    header(&mut text, program, sources, image, group, plan, planned);
    let values = arguments.values(program, default, planned);
    let global = |name: &str| name == "BASE" || name == "BASE_DIGEST" || arguments.images.iter().any(|(_, known)| known == name);
    for (name, value) in values.iter().filter(|(name, _)| global(name)) {
        let _ = writeln!(text, "ARG {name}={value}");
    }
    if group.body.parted {
        text.push_str("ARG TARGETARCH\n");
    }
    for (at, (name, image)) in group.body.images.iter().enumerate() {
        match arguments.images.iter().find(|(known, _)| *known == at) {
            Some((_, argument)) => drop(writeln!(text, "FROM ${{{argument}}} AS {name}")),
            None => drop(writeln!(text, "FROM {} AS {name}", reference(program, image, planned))),
        }
    }
    if !group.body.downloads.is_empty() {
        text.push_str("\nFROM scratch AS downloads\n");
        for (name, url) in &group.body.downloads {
            text.push_str("ADD --chmod=644 ");
            quote::literal_path(&mut text, url);
            let _ = writeln!(text, " /{name}");
        }
    }
    if !group.body.images.is_empty() || !group.body.downloads.is_empty() {
        text.push('\n');
    }
    body(&mut text, program, group, arguments, default, &values);
    let dockerfile = Artifact { path: plan.dockerfile.clone(), text: quote::folded(text), executable: false };
    [dockerfile, ignored(format!("{}.dockerignore", plan.dockerfile))]
}

/// The lines that say where the file comes from and how to use it.
fn header(
    text: &mut String,
    program: &Program,
    sources: &Sources,
    image: &Image,
    group: &Group<'_>,
    plan: &CellPlan,
    planned: &[CellPlan],
) {
    let file = defined_in(program, sources, image);
    let _ = writeln!(text, "# {MARK}{file}. Change that file, then run `jenvc build`.");
    let repositories: BTreeSet<&str> = group.cells.iter().map(|member| &*program[member.id].repository).collect();
    let _ = write!(text, "# Image: {}", repositories.into_iter().collect::<Vec<_>>().join(", "));
    let names: Vec<&str> = group.cells.iter().map(|member| program[member.id].name.as_str()).filter(|name| !name.is_empty()).collect();
    if !names.is_empty() {
        let _ = write!(text, "    Cells: {}", names.join(", "));
    }
    let secrets: String = group.cells.first().map(|member| program.secrets(member.id)).unwrap_or_default().iter().fold(
        String::new(),
        |mut all, (id, from)| {
            let _ = write!(all, " --secret id={id},env={from}");
            all
        },
    );
    let call = |plan: &CellPlan| format!("docker build -f {} -t {}{secrets}", plan.dockerfile, unhashed(&plan.reference));
    let _ = writeln!(text, "\n# Build: {} .", call(plan));
    let others = group.cells.iter().filter_map(|member| planned.get(member.id.0 as usize)).filter(|other| !other.args.is_empty());
    if let Some(bake) = &program.outputs.bake {
        if names.len() > 1 {
            let file = if bake.path == "docker-bake.json" { String::new() } else { format!("-f {} ", bake.path) };
            let _ = writeln!(text, "# All of them: docker buildx bake {file}{}", image.name);
        }
    } else {
        for other in others {
            let _ = write!(text, "#        {}", call(other));
            for (name, value) in &other.args {
                let _ = write!(text, " --build-arg {name}={value}");
            }
            text.push_str(" .\n");
        }
    }
    if !group.body.lint.is_empty() {
        let rules: Vec<&str> = group.body.lint.iter().copied().collect();
        let _ = writeln!(text, "# hadolint global ignore={}", rules.join(","));
    }
    text.push('\n');
}

/// A reference without the hash in its tag: a comment does not change with each parent.
fn unhashed(reference: &str) -> &str {
    let tag = reference.rfind(':').unwrap_or(reference.len());
    let end = reference.rfind('-').filter(|end| *end > tag).unwrap_or(tag);
    reference.get(..end).unwrap_or(reference)
}

/// The file of the user's that an image is defined in.
fn defined_in<'s>(program: &'s Program, sources: &'s Sources, image: &Image) -> &'s str {
    let source = sources.get(image.origin.file).filter(|source| !source.standard);
    source.map_or(program.main_file.as_str(), |source| &source.name)
}

/// The body, with everything put in.
fn body(
    text: &mut String,
    program: &Program,
    group: &Group<'_>,
    arguments: &Arguments<'_>,
    default: &Member<'_>,
    values: &[(String, String)],
) {
    let from = &group.body;
    let mut at = 0;
    for (place, slot) in &from.slots {
        text.push_str(from.text.get(at..*place).unwrap_or_default());
        at = *place;
        match slot {
            Slot::Shell { root, shell } if from.wants_shell || (*root && from.runs) => {
                text.push_str(if *shell == Shell::Ash { ASH } else { SHELL });
            }
            Slot::Argument(axis) => {
                if let Some((name, value)) = arguments.axis(axis).and_then(|name| values.iter().find(|(known, _)| known == name)) {
                    let _ = write!(text, "ARG {name}=");
                    quote::value(text, &crate::ir::Expandable::literal(value.as_str()));
                    text.push('\n');
                }
            }
            Slot::DigestArgument if arguments.digest => text.push_str("ARG BASE_DIGEST\n"),
            Slot::Shell { .. } | Slot::DigestArgument => {}
            Slot::Digest if arguments.digest => text.push_str("\"${BASE_DIGEST}\""),
            Slot::Digest => {
                text.push('"');
                quote::literal_value(text, digest(program, default.id).unwrap_or_default());
                text.push('"');
            }
            Slot::Path { path, plain } => {
                for segment in &path.0 {
                    match segment {
                        Segment::Axis { name, value } => match arguments.axis(name).filter(|_| !plain) {
                            Some(argument) => drop(write!(text, "${{{argument}}}")),
                            None => text.push_str(value),
                        },
                        Segment::Literal(literal) => quote::literal_path(text, literal),
                        Segment::Command(_) => {}
                    }
                }
            }
            Slot::Word { word, within, quoted } => {
                push_word(text, word, *within, *quoted, &|axis| arguments.axis(axis));
            }
        }
    }
    text.push_str(from.text.get(at..).unwrap_or_default());
}

/// Denies everything but the files that the Dockerfile copies.
fn ignore(group: &Group<'_>, file: &str, path: String) -> Artifact {
    let mut text = format!("# {MARK}{file}: only what the Dockerfile copies gets into the build context.\n*\n");
    let lists = group.cells.iter().flat_map(|member| &member.body.lists).map(|list| list.path.plain());
    let paths: BTreeSet<String> = group.body.files.iter().map(|file| file.path.clone()).chain(lists).collect();
    for path in paths {
        text.push('!');
        for c in path.chars() {
            match c {
                // A pattern can't end in a space and has no way to escape one.
                c if c.is_whitespace() || c.is_control() => text.push('?'),
                '*' | '?' | '[' | '\\' => text.extend(['\\', c]),
                c => text.push(c),
            }
        }
        text.push('\n');
    }
    Artifact { path, text, executable: false }
}

/// The lists of a lock that the Dockerfiles of a group mount.
pub(super) fn lists(program: &Program, sources: &Sources, group: &Group<'_>) -> Vec<Artifact> {
    let mut all: BTreeMap<String, &LockedList> = BTreeMap::new();
    for list in group.cells.iter().flat_map(|member| &member.body.lists) {
        all.insert(list.path.plain(), list);
    }
    let image = group.cells.first().map(|member| &program[program[member.id].image]);
    let file = image.map_or("", |image| defined_in(program, sources, image));
    let text = |list: &LockedList| format!("# {MARK}{file} and its lock. Run `jenvc lock`, then `jenvc build`.\n{}", list.lines);
    all.into_iter().map(|(path, list)| Artifact { path, text: text(list), executable: false }).collect()
}

/// What a cell's `FROM` names.
fn parent(program: &Program, id: CellId, planned: &[CellPlan]) -> String {
    match program[id].parent {
        Parent::Base(base) => program[base].reference(),
        Parent::Cell(cell) => planned.get(cell.0 as usize).map_or_else(String::new, |plan| plan.reference.clone()),
    }
}

/// What names an image that something is taken from.
fn reference(program: &Program, image: &ImageRef, planned: &[CellPlan]) -> String {
    match image {
        ImageRef::Cell(cell) => planned.get(cell.0 as usize).map_or_else(String::new, |plan| plan.reference.clone()),
        ImageRef::Base(base) => program[*base].reference(),
        ImageRef::Reference(reference) => reference.clone(),
    }
}

fn digest(program: &Program, id: CellId) -> Option<&str> {
    match program[id].parent {
        Parent::Base(base) => program[base].digest.as_deref(),
        Parent::Cell(_) => None,
    }
}

/// The build argument for an axis. A version is `PYTHON_VERSION`, since programs in a build may read `PYTHON` as the path of an
/// interpreter (node-gyp and many configure scripts do).
fn argument_name(axis: &str, value: &str) -> String {
    let name = upper(axis);
    if value.starts_with(|c: char| c.is_ascii_digit()) { format!("{name}_VERSION") } else { format!("{name}_AXIS") }
}

fn upper(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
