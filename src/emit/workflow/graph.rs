//! What the workflow does, as data: the jobs, their order and their matrices. The text is made elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::SHARED_FROM;
use crate::emit::Plan;
use crate::ir::{CellId, ImageId, Platform, Program, PullRequests};

/// GitHub makes at most so many jobs of one matrix.
const MATRIX_LIMIT: usize = 256;
/// Minutes for a build where the program says nothing.
const DEFAULT_TIMEOUT: u32 = 60;
/// GitHub's own runners end a job after so many minutes.
const LONGEST_JOB: u32 = 360;

/// The keys of jobs that belong to no image.
const OTHER_JOBS: [&str; 7] = ["try", "merge", "fresh", "touched", "rebuild", "releases", "gate"];

/// All jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Graph {
    /// On a pull request.
    pub(super) tries: Vec<Job>,
    /// On the branch that publishes, parents before children.
    pub(super) builds: Vec<Job>,
    /// One name for all platforms.
    pub(super) merges: Vec<Job>,
    /// Images that the program keeps out of CI, with the reason.
    pub(super) skipped: Vec<(String, String)>,
    /// Their bake targets.
    pub(super) by_hand: Vec<String>,
}

/// One job: a matrix of bake targets and platforms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    /// Its key in `jobs`.
    pub(super) id: String,
    /// The keys of the jobs that come first.
    pub(super) needs: Vec<String>,
    /// Bake target and platforms of each cell.
    pub(super) rows: Vec<Row>,
    /// How it runs.
    pub(super) settings: Settings,
    /// Minutes until one build is given up.
    pub(super) timeout: u32,
}

/// A cell of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The bake target.
    pub(super) target: String,
    /// Its platforms.
    pub(super) platforms: Vec<Platform>,
    /// The names of the GitHub secrets that it and what is below it are built with.
    pub(super) secrets: BTreeSet<String>,
}

/// What cells of one job have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Settings {
    /// The runner in place of the platform's own.
    pub(super) runner: Option<String>,
    /// Whether the disk is freed first.
    pub(super) free_disk: bool,
}

impl Job {
    /// The names of the secrets that its builds are given.
    pub(super) fn secrets(&self) -> BTreeSet<&str> {
        self.rows.iter().flat_map(|row| &row.secrets).map(String::as_str).collect()
    }

    /// The platforms of all rows, where they are the same: the matrix is then a plain product.
    pub(super) fn product(&self) -> Option<&[Platform]> {
        let first = self.rows.first()?;
        self.rows.iter().all(|row| row.platforms == first.platforms).then_some(&first.platforms)
    }
}

impl Graph {
    /// The names of all secrets that builds are given.
    pub(super) fn secrets(&self) -> BTreeSet<&str> {
        self.tries.iter().chain(&self.builds).flat_map(Job::secrets).collect()
    }

    /// The jobs of a program.
    pub(super) fn new(program: &Program, plan: &Plan, pull_requests: PullRequests) -> Self {
        let builder = Builder { program, plan, secrets: secrets(program, plan) };
        let skipped = |id: ImageId| program[id].ci.skip.is_some();
        let built: Vec<ImageId> = program.built().map(|(id, _)| id).filter(|id| !skipped(*id)).collect();
        let tries = builder.tries(&built, pull_requests);
        let mut ids = Ids::with(tries.iter().map(|job| job.id.as_str()).chain(OTHER_JOBS));
        let builds = builder.builds(&built, &mut ids);
        let merges = builder.merges(&built, &builds, &mut ids);
        let skipped = program.images.iter().filter_map(|image| Some((image.name.clone(), image.ci.skip.clone()?))).collect();
        let by_hand = program.images().filter(|(id, _)| program[*id].ci.skip.is_some()).flat_map(|(_, image)| &image.cells);
        let by_hand = by_hand.map(|cell| plan[*cell].target.clone()).collect();
        Self { tries, builds, merges, skipped, by_hand }
    }
}

struct Builder<'a> {
    program: &'a Program,
    plan: &'a Plan,
    /// The names of secrets, by cell.
    secrets: Vec<BTreeSet<String>>,
}

/// The secrets of each cell, and of what its run builds where the registry lacks it.
fn secrets(program: &Program, plan: &Plan) -> Vec<BTreeSet<String>> {
    let mut all: Vec<BTreeSet<String>> = Vec::with_capacity(program.cells.len());
    for (id, _) in program.cells() {
        let own = program.secrets(id).into_values().map(str::to_owned);
        // Cells need earlier ones only.
        let below = plan[id].needs.iter().filter_map(|below| all.get(below.0 as usize)).flatten().cloned();
        let found = own.chain(below).collect();
        all.push(found);
    }
    all
}

impl Builder<'_> {
    fn row(&self, id: CellId) -> Row {
        Row {
            target: self.plan[id].target.clone(),
            platforms: self.program[id].platforms.clone(),
            secrets: self.secrets.get(id.0 as usize).cloned().unwrap_or_default(),
        }
    }

    fn settings(&self, id: ImageId) -> Settings {
        let ci = &self.program[id].ci;
        Settings { runner: ci.runner.clone(), free_disk: ci.free_disk }
    }

    fn timeout(&self, id: ImageId) -> u32 {
        let own = self.program[id].ci.timeout_minutes.unwrap_or(DEFAULT_TIMEOUT);
        // What a stage is given, the build that it is a part of is given, too.
        let stages = self.program.stages(self.program[id].default_cell);
        let more = stages.iter().filter_map(|stage| self.program[self.program[*stage].image].ci.timeout_minutes);
        more.fold(own, u32::saturating_add).min(LONGEST_JOB.max(own))
    }

    /// Images that cells of this one are built on or take from.
    fn parents(&self, id: ImageId) -> BTreeSet<ImageId> {
        let cells = self.program[id].cells.iter();
        cells.flat_map(|cell| &self.plan[*cell].needs).map(|cell| self.program[*cell].image).filter(|parent| *parent != id).collect()
    }

    /// The nearest images below that CI builds: one that it skips passes on what it stands on.
    fn built_parents(&self, id: ImageId) -> BTreeSet<ImageId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<ImageId> = self.parents(id).into_iter().collect();
        while let Some(parent) = open.pop() {
            if self.program[parent].ci.skip.is_some() {
                open.extend(self.parents(parent));
            } else {
                found.insert(parent);
            }
        }
        found
    }

    /// Minutes for each image with everything below it, for a run in which the registry has none of it.
    fn whole_timeouts(&self) -> BTreeMap<ImageId, u32> {
        let mut minutes = BTreeMap::new();
        for (id, _) in self.program.images() {
            let below = self.parents(id).iter().filter_map(|parent| minutes.get(parent)).max().copied().unwrap_or(0_u32);
            minutes.insert(id, below.saturating_add(self.timeout(id)).min(LONGEST_JOB));
        }
        minutes
    }

    /// A job for each leaf: what is below it is built in the same graph, and its tests are the leaf's, too.
    fn tries(&self, built: &[ImageId], pull_requests: PullRequests) -> Vec<Job> {
        let used: BTreeSet<CellId> =
            built.iter().flat_map(|id| &self.program[*id].cells).flat_map(|id| &self.plan[*id].needs).copied().collect();
        let is_leaf = |id: &CellId| !used.contains(id);
        let mut groups: BTreeMap<Settings, (Vec<Row>, u32)> = BTreeMap::new();
        let timeouts = self.whole_timeouts();
        for id in built {
            let image = &self.program[*id];
            let cells: Vec<CellId> = match pull_requests {
                PullRequests::All => image.cells.iter().copied().filter(is_leaf).collect(),
                PullRequests::DefaultCells if image.cells.iter().all(is_leaf) => vec![image.default_cell],
                PullRequests::DefaultCells | PullRequests::None => Vec::new(),
            };
            if !cells.is_empty() {
                let (rows, timeout) = groups.entry(self.settings(*id)).or_default();
                rows.extend(cells.into_iter().map(|cell| self.row(cell)));
                *timeout = timeouts.get(id).map_or(*timeout, |whole| (*timeout).max(*whole));
            }
        }
        let mut ids = Ids::default();
        let mut jobs = Vec::new();
        for (settings, (rows, timeout)) in groups {
            for rows in shards(rows, |row| row.platforms.len()) {
                jobs.push(Job { id: ids.take("try"), needs: Vec::new(), rows, settings: settings.clone(), timeout });
            }
        }
        jobs
    }

    /// A job for each image; where there are more than [`SHARED_FROM`], one for all images that stand on the same ones and
    /// run alike, or the file would outgrow what GitHub reads.
    fn builds(&self, built: &[ImageId], ids: &mut Ids) -> Vec<Job> {
        let mut jobs_of: BTreeMap<ImageId, Vec<String>> = BTreeMap::new();
        let mut jobs = Vec::new();
        for (parents, images) in self.groups(built) {
            let needs: BTreeSet<String> = parents.iter().filter_map(|parent| jobs_of.get(parent)).flatten().cloned().collect();
            let Some(first) = images.first().copied() else { continue };
            let name = match (images.len(), parents.first()) {
                (1, _) => job_id(&self.program[first].name),
                (_, Some(parent)) => format!("on-{}", self.program[*parent].name),
                (_, None) => "roots".to_owned(),
            };
            let rows = images.iter().flat_map(|id| &self.program[*id].cells).map(|cell| self.row(*cell)).collect();
            for rows in shards(rows, |row| row.platforms.len()) {
                let job = Job {
                    id: ids.take(&job_id(&name)),
                    needs: needs.iter().cloned().collect(),
                    rows,
                    settings: self.settings(first),
                    timeout: self.timeout(first),
                };
                for id in &images {
                    jobs_of.entry(*id).or_default().push(job.id.clone());
                }
                jobs.push(job);
            }
        }
        jobs
    }

    /// The images of each job with the images that they stand on, parents before children.
    fn groups(&self, built: &[ImageId]) -> Vec<(BTreeSet<ImageId>, Vec<ImageId>)> {
        let mut groups: Vec<(BTreeSet<ImageId>, Vec<ImageId>)> = Vec::new();
        let mut known: BTreeMap<(BTreeSet<ImageId>, Settings, u32), usize> = BTreeMap::new();
        for id in built {
            let parents = self.built_parents(*id);
            let key = (parents.clone(), self.settings(*id), self.timeout(*id));
            match known.get(&key).and_then(|at| groups.get_mut(*at)) {
                Some((_, images)) if built.len() > SHARED_FROM => images.push(*id),
                _ => {
                    known.insert(key, groups.len());
                    groups.push((parents, vec![*id]));
                }
            }
        }
        groups
    }

    /// Grouped by platforms: the scripts are told which ones to put under one name.
    fn merges(&self, built: &[ImageId], builds: &[Job], ids: &mut Ids) -> Vec<Job> {
        let mut groups: BTreeMap<Vec<Platform>, Vec<Row>> = BTreeMap::new();
        for cell in built.iter().flat_map(|id| &self.program[*id].cells) {
            groups.entry(self.program[*cell].platforms.clone()).or_default().push(self.row(*cell));
        }
        let mut jobs = Vec::new();
        for rows in groups.into_values() {
            for rows in shards(rows, |_| 1) {
                let targets: BTreeSet<&str> = rows.iter().map(|row| row.target.as_str()).collect();
                let of_them = |job: &&Job| job.rows.iter().any(|row| targets.contains(row.target.as_str()));
                let needs = builds.iter().filter(of_them).map(|job| job.id.clone()).collect();
                let id = if jobs.is_empty() { "merge".to_owned() } else { ids.take("merge") };
                jobs.push(Job { id, needs, rows, settings: Settings::default(), timeout: 15 });
            }
        }
        jobs
    }
}

/// Job keys in use; GitHub does not take two that differ in case only.
#[derive(Default)]
struct Ids(BTreeSet<String>);

impl Ids {
    fn with<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self(ids.into_iter().map(str::to_ascii_lowercase).collect())
    }

    /// `wanted`, or `wanted-2` and so on.
    fn take(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut number = 2;
        while !self.0.insert(id.to_ascii_lowercase()) {
            id = format!("{wanted}-{number}");
            number += 1;
        }
        id
    }
}

/// A name as a job key: letters, digits, `-` and `_`, no digit or hyphen first.
fn job_id(name: &str) -> String {
    let id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { id } else { format!("image-{id}") }
}

/// The rows in pieces that each make at most [`MATRIX_LIMIT`] jobs.
fn shards(rows: Vec<Row>, weight: impl Fn(&Row) -> usize) -> Vec<Vec<Row>> {
    let mut shards: Vec<Vec<Row>> = Vec::new();
    let mut free = 0;
    for row in rows {
        let jobs = weight(&row).max(1);
        match shards.last_mut() {
            Some(shard) if jobs <= free => shard.push(row),
            _ => {
                free = MATRIX_LIMIT;
                shards.push(vec![row]);
            }
        }
        free = free.saturating_sub(jobs);
    }
    shards
}
