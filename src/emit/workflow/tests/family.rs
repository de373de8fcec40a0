//! Programs of images that stand on each other, made by hand, and their workflows read back.

use std::rc::Rc;

use serde_yaml::Value;

use crate::base::Place;
use crate::check::check;
use crate::diagnostics::Findings;
use crate::emit::workflow::emit;
use crate::emit::{Artifact, CellPlan, Plan};
use crate::ir::{
    Account, AxisPoint, BakeOutput, Base, BaseId, Cell, CellId, CiPolicy, Commits, DockerfilesOutput, Image, ImageId, Locks, Outputs,
    Parent, Platform, Program, Project, PullRequests, Recipe, Tag, WorkflowOutput,
};

pub(super) const BOTH: [Platform; 2] = [Platform::Amd64, Platform::Arm64];

fn ubuntu() -> Base {
    Base {
        name: "ubuntu".to_owned(),
        axes: Vec::new(),
        repository: "ubuntu".to_owned(),
        tag: Some("24.04".to_owned()),
        digest: Some(format!("sha256:{}", "0".repeat(64))),
        locked: false,
        account: Account::root(),
        prefix: None,
        os: None,
        platforms: BOTH.to_vec(),
        provides: Rc::default(),
        env: Vec::new(),
        origin: Place::default(),
        standard: false,
    }
}

/// A program of images that stand on each other, each with cells of one axis.
pub(super) struct Family {
    pub(super) program: Program,
    pub(super) plan: Plan,
}

impl Family {
    pub(super) fn new(registry: &str) -> Self {
        let project = Project {
            name: "stacks".to_owned(),
            registry: registry.to_owned(),
            source: Some("https://github.com/jupyter/stacks".to_owned()),
            maintainer: None,
            license: None,
            platforms: BOTH.to_vec(),
            branch: "main".to_owned(),
            same: Vec::new(),
            locked: false,
            distinct: Vec::new(),
            origin: Place::default(),
        };
        let outputs = Outputs {
            dockerfiles: Some(DockerfilesOutput { dir: "images".to_owned(), origin: Place::default() }),
            bake: Some(BakeOutput { path: "docker-bake.json".to_owned(), origin: Place::default() }),
            workflow: Some(WorkflowOutput {
                path: ".github/workflows/images.yml".to_owned(),
                named: crate::base::Place::default(),
                root: String::new(),
                schedule: None,
                pull_requests: PullRequests::All,
                cache: false,
                sign: true,
                attest: true,
                secrets: (!registry.starts_with("ghcr.io")).then(|| ("QUAY_USERNAME".to_owned(), "QUAY_ROBOT_TOKEN".to_owned())),
                read_secrets: None,
                environment: None,
                uses: "$/".to_owned(),
                commits: Commits::Push,
                upgrade: false,
                token: None,
                check: Some("cargo install --locked jenvc".to_owned()),
                actions: Vec::new(),
                tools: Vec::new(),
                origin: Place::default(),
            }),
            ..Outputs::default()
        };
        let program = Program {
            environments: Vec::new(),
            project,
            main_file: "main.jenv".to_owned(),
            bases: vec![ubuntu()],
            images: Vec::new(),
            cells: Vec::new(),
            hubs: Vec::new(),
            rebuilds: Vec::new(),
            outputs,
            locks: Locks::default(),
            allows: Vec::new(),
            definitions: Vec::new(),
        };
        Self { program, plan: Plan::default() }
    }

    pub(super) fn workflow(&mut self) -> &mut WorkflowOutput {
        self.program.outputs.workflow.as_mut().unwrap()
    }

    /// Adds an image with the axis `python` over `values`, on the cells of `parent`.
    pub(super) fn image(&mut self, name: &str, parent: Option<ImageId>, values: &[&str]) -> ImageId {
        let id = ImageId(u32::try_from(self.program.images.len()).unwrap());
        let mut cells = Vec::new();
        for (at, value) in values.iter().enumerate() {
            let below = parent.map(|parent| self.program[parent].cells[at]);
            cells.push(self.cell(id, name, value, below));
        }
        self.program.images.push(Image {
            name: name.to_owned(),
            title: name.to_owned(),
            description: None,
            doc: None,
            default_cell: *cells.last().unwrap(),
            root: None,
            cells,
            ci: CiPolicy { timeout_minutes: Some(20), ..CiPolicy::default() },
            publish: true,
            locked: false,
            stage: false,
            origin: Place::default(),
        });
        id
    }

    pub(super) fn cell(&mut self, image: ImageId, name: &str, python: &str, below: Option<CellId>) -> CellId {
        let id = CellId(u32::try_from(self.program.cells.len()).unwrap());
        let short: Rc<str> = Rc::from(format!("py{python}"));
        self.program.cells.push(Cell {
            image,
            name: format!("py{python}"),
            axes: Rc::new(vec![AxisPoint { axis: Rc::from("python"), value: Rc::from(python), short }]),
            parent: below.map_or(Parent::Base(BaseId(0)), Parent::Cell),
            recipe: Rc::new(Recipe {
                tags: Rc::new(vec![Tag::Text("latest".to_owned()), Tag::Date, Tag::Sha, Tag::Text(format!("python-{python}"))]),
                ..Recipe::bare(format!("{}/{name}", self.program.project.registry), &BOTH)
            }),
        });
        let target = format!("{name}-py{}", python.replace('.', "-"));
        self.plan.cells.push(CellPlan {
            tag: format!("py{python}-0123456789ab"),
            reference: format!("{}/{name}:py{python}-0123456789ab", self.program.project.registry),
            dockerfile: format!("images/{name}/Dockerfile"),
            target,
            args: Vec::new(),
            needs: below.into_iter().collect(),
        });
        id
    }

    pub(super) fn emit(&self) -> Emitted {
        let mut findings = Findings::default();
        let checked = check(self.program.clone(), &mut findings).unwrap_or_else(|_| panic!("{findings:#?}"));
        let artifacts = emit(&checked, &self.plan);
        let read = |path: &str| serde_yaml::from_str(&artifacts.iter().find(|artifact| artifact.path == path).unwrap().text).unwrap();
        let output = self.program.outputs.workflow.as_ref().unwrap();
        let path = format!("{}{}", output.up(), output.path);
        Emitted { images: read(&path), cell: read(&path.replace(".yml", "-cell.yml")), artifacts }
    }
}

pub(super) struct Emitted {
    pub(super) images: Value,
    pub(super) cell: Value,
    pub(super) artifacts: Vec<Artifact>,
}

impl Emitted {
    pub(super) fn text(&self, path: &str) -> &str {
        &self.artifacts.iter().find(|artifact| artifact.path == path).unwrap_or_else(|| panic!("no {path}")).text
    }

    pub(super) fn job(&self, id: &str) -> &Value {
        let job = &self.images["jobs"][id];
        assert!(job.is_mapping(), "no job {id}");
        job
    }

    pub(super) fn job_ids(&self) -> Vec<&str> {
        self.images["jobs"].as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()).collect()
    }
}

pub(super) fn stacks(registry: &str) -> Family {
    let mut family = Family::new(registry);
    let foundation = family.image("foundation", None, &["3.12", "3.13"]);
    let base = family.image("base-notebook", Some(foundation), &["3.12", "3.13"]);
    family.image("minimal-notebook", Some(base), &["3.12", "3.13"]);
    let scipy = family.image("scipy-notebook", Some(base), &["3.12", "3.13"]);
    family.program.images[scipy.0 as usize].ci.free_disk = true;
    family
}
