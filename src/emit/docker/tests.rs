//! What is written for programs made by hand.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::lay_out;
use crate::base::Place;
use crate::emit::fixture::{Fixture, apt, axis, conda, install, item, jovyan, run, shell, sources, step, word};
use crate::ir::{
    Account, BuildSource, CellId, Copy, CopySource, ExpandPart, Expandable, Fetch, Healthcheck, ImageRef, LocalFile, Mount, MountSource,
    Parent, Platform, Program, RunAs, Script, Segment, Segments, ShellPart, ShellText, SourceBuild, Step, StepKind, Via,
};

fn literal(text: &str) -> Segment {
    Segment::Literal(text.to_owned())
}

fn lit(text: &str) -> Expandable {
    Expandable::literal(text)
}

fn local(path: &str) -> LocalFile {
    LocalFile { path: path.to_owned(), sha256: "ab".repeat(32), executable: false }
}

fn copy(paths: &[&str], to: &str, owned: bool, mode: Option<u32>) -> Step {
    let files = paths.iter().map(|path| local(path)).collect();
    let source =
        CopySource::Local { paths: paths.iter().map(|path| (*path).to_owned()).collect(), optional: false, files, growing: Vec::new() };
    step(StepKind::Copy(Copy { source, to: lit(to), owned, mode, tree: false }), RunAs::Root)
}

fn env(name: &str, value: Expandable) -> Step {
    step(StepKind::Env(vec![(name.to_owned(), value)]), RunAs::User)
}

fn fetch(url: &str, to: &str, unpack: Option<u32>) -> Step {
    let sha256 = Some("ab".repeat(32));
    step(StepKind::Fetch(Fetch { url: url.to_owned(), sha256, to: lit(to), owned: false, mode: None, unpack }), RunAs::Root)
}

fn on(platform: Platform, mut step: Step) -> Step {
    step.only = Some(vec![platform]);
    step
}

fn via(text: &str, mut step: Step) -> Step {
    step.via = Some(Rc::new(Via { text: text.to_owned(), origin: step.origin }));
    step
}

/// All files, one after the other, under their names.
fn files(program: &Program) -> String {
    let artifacts: BTreeMap<_, _> =
        lay_out(program, Some(&sources())).1.into_iter().map(|artifact| (artifact.path, artifact.text)).collect();
    artifacts.iter().flat_map(|(path, text)| ["==> ", path, "\n", text, "\n"]).collect()
}

/// The steps of an image that makes its own user and installs conda.
fn foundation(version: &str) -> Vec<Step> {
    let conda_bin = Expandable(vec![ExpandPart::Variable("CONDA_DIR".to_owned()), ExpandPart::Literal("/bin".to_owned())]);
    vec![
        step(StepKind::Arg { name: "NB_USER".to_owned(), value: Some("jovyan".to_owned()), env: true }, RunAs::Root),
        env("CONDA_DIR", lit("/opt/conda")),
        path("PATH", true, conda_bin, false),
        apt(vec![
            item(vec![literal("ca-certificates")], Some("for downloads"), None),
            item(vec![literal("tini")], Some("init; see\nits page"), None),
            word("wget"),
        ]),
        step(StepKind::Run(run("useradd --no-log-init --create-home --shell /bin/bash --uid 1000 --gid 100 jovyan")), RunAs::Root),
        step(StepKind::Run(run("mkdir -p /opt/conda && chown 1000:100 /opt/conda")), RunAs::Root),
        step(StepKind::User(jovyan()), RunAs::Root),
        micromamba(version),
        copy(&["files/a.txt", "files/b c.txt"], "/etc/x y/", false, Some(0o644)),
        copy(&["files/a.txt"], "/opt/conda/.condarc", true, None),
        step(StepKind::Workdir(lit("/home/jovyan")), RunAs::User),
        step(StepKind::Expose("8888".to_owned()), RunAs::User),
        step(StepKind::Entrypoint(vec!["tini".to_owned(), "-g".to_owned(), "--".to_owned()]), RunAs::User),
        step(StepKind::Cmd(vec!["bash".to_owned()]), RunAs::User),
        step(StepKind::Healthcheck(healthcheck()), RunAs::User),
    ]
}

fn healthcheck() -> Healthcheck {
    Healthcheck { command: vec!["true".to_owned()], interval: Some(3000), timeout: Some(1000), start_period: None, retries: Some(3) }
}

fn path(variable: &str, prepend: bool, entry: Expandable, first: bool) -> Step {
    step(StepKind::Path { variable: variable.to_owned(), prepend, entries: vec![entry], first }, RunAs::User)
}

/// A list whose manager is mounted from another image, with a command among its words and words after it.
fn micromamba(version: &str) -> Step {
    let items = vec![
        item(vec![literal("python="), axis("python", version), literal(".*")], None, None),
        item(vec![literal("mamba=="), Segment::Command("basename 2.1".to_owned())], None, None),
        word("jupyter_core"),
    ];
    let mut list = install(&[], "echo micromamba install", items, &["echo cleaned"]);
    let image = ImageRef::Reference("docker.io/library/debian:bookworm".to_owned());
    list.mounts.push(Mount {
        name: "micromamba".to_owned(),
        source: MountSource::Image { image, path: "/bin/true".to_owned() },
        target: "/usr/local/bin/micromamba".to_owned(),
    });
    list.after.push(ShellText(vec![
        ShellPart::Raw("echo 'python ".to_owned()),
        ShellPart::Word(Segments(vec![axis("python", version)])),
        ShellPart::Raw(".*' >> \"${CONDA_DIR}/pinned\"".to_owned()),
    ]));
    step(StepKind::Install(list), RunAs::User)
}

/// Shell of every shape, and environment that only one variant has.
fn analysis(variant: &str) -> Vec<Step> {
    let mut inner = run("echo b || echo c");
    inner.directory = Some(lit("/opt"));
    inner.after = vec!["echo finished".to_owned()];
    let mut steps = vec![
        item_list(),
        shell("echo one # why\n\necho two \\\n    three\nif true; then\n    echo yes\nfi"),
        shell("cat <<EOF > /tmp/x\n# it's $HOME \\ \"q\"\nEOF\ncase \"$HOME\" in\n  *) echo ok \\\n    more ;;\nesac"),
        shell("echo a | grep a"),
        step(StepKind::Run(inner), RunAs::Root),
        step(StepKind::Label { key: "a".to_owned(), value: "it's $x \"q\" \\ z".to_owned() }, RunAs::User),
    ];
    if variant == "cuda12" {
        steps.push(via("include nvidia.runtime", env("NVIDIA_VISIBLE_DEVICES", lit("all"))));
        steps.push(via("include nvidia.runtime", path("LD_LIBRARY_PATH", false, lit("/usr/local/nvidia/lib64"), true)));
    }
    steps
}

/// Downloads, sources, files of another image, and steps of one platform.
fn tools(from: CellId) -> Vec<Step> {
    let source = BuildSource::Git { url: "https://github.com/a/b".to_owned(), rev: "v1.0".to_owned() };
    let scripts = vec![Script::new("./configure\n# all\nmake -j4 || make\nmake install")];
    let tini = CopySource::Image { image: ImageRef::Cell(from), paths: vec!["/usr/bin/tini".to_owned()] };
    vec![
        fetch("https://pypi.org/simple/six/", "/opt/six/", None),
        fetch("https://pypi.org/simple/idna/", "/opt/idna.html", None),
        fetch("https://files.pythonhosted.org/packages/six.tar.gz?x=1", "/opt/six", Some(1)),
        step(StepKind::Build(SourceBuild { source, origin: Place::default(), scripts, mounts: Vec::new() }), RunAs::Root),
        step(StepKind::Copy(Copy { source: tini, to: lit("/usr/bin/"), owned: false, mode: None, tree: false }), RunAs::Root),
        on(Platform::Amd64, apt(vec![word("libc6-i386")])),
        on(Platform::Amd64, env("ARCH_ONLY", lit("amd64"))),
        on(Platform::Arm64, copy(&["files/a.txt"], "/opt/arm", false, None)),
        on(Platform::Arm64, shell("echo arm\necho two")),
        shell("echo end; true"),
    ]
}

/// A family that uses every kind of step.
fn family() -> Program {
    let mut fixture = Fixture::new();
    let debian = fixture.base("debian", "docker.io/library/debian", "12", Account::root());
    let points = [("3.13", "py3.13"), ("3.12", "py3.12")];
    let cells = points.iter().map(|(version, short)| (vec![("python", *version, *short)], Parent::Base(debian), foundation(version)));
    let roots = fixture.image("foundation", &jovyan(), cells.collect());
    let mut cells = Vec::new();
    for (root, (version, short)) in roots.iter().zip(points) {
        for variant in ["cpu", "cuda12"] {
            let axes = vec![("python", version, short), ("variant", variant, variant)];
            cells.push((axes, Parent::Cell(*root), analysis(variant)));
        }
    }
    fixture.image("ml", &jovyan(), cells);
    fixture.image("tools", &jovyan(), vec![(Vec::new(), Parent::Cell(roots[1]), tools(roots[0]))]);
    for cell in fixture.program.cells.iter_mut().filter(|cell| matches!(cell.parent, Parent::Base(_))) {
        std::rc::Rc::make_mut(&mut cell.recipe).rebuild = Some("2026-W47".to_owned());
    }
    fixture.program
}

/// A list with words for some platforms.
fn item_list() -> Step {
    conda(vec![
        item(vec![literal("tensorflow-cpu>=2")], Some("smaller"), Some(vec![Platform::Amd64])),
        item(vec![literal("tensorflow>=2")], None, Some(vec![Platform::Arm64])),
        word("numpy>1,<3"),
        word("blas=*=openblas"),
    ])
}

#[test]
fn every_kind_of_step_is_written_as_people_would() {
    insta::assert_snapshot!(files(&family()));
}

#[test]
fn every_image_ends_as_its_user() {
    let program = family();
    for artifact in lay_out(&program, Some(&sources())).1.iter().filter(|artifact| artifact.path.ends_with("Dockerfile")) {
        let last = artifact.text.lines().rfind(|line| line.starts_with("USER ")).unwrap_or("none");
        assert!(["USER 1000:100", "USER ${NB_UID}", "USER jovyan", "USER 1000"].contains(&last), "{}: {last}", artifact.path);
    }
}
