//! What is done to the base, in the order in which repo2docker does it.

use super::folder::{HOME, broken, large, place, text};
use super::install::calls;
use super::pack::{Kind as PackKind, Pack};
use crate::base::{FileId, Kind, Place, Span};
use crate::import::RemarkKind::{Changed, Decide, KeptAsRun};
use crate::import::Work;
use crate::import::docker::Given;
use crate::import::found::is_compiled;
use crate::import::work::Folder;
use crate::requirements::Environment;

/// How R runs a script.
const RSCRIPT: &str = "Rscript --no-save --no-restore --no-init-file --no-environ";
/// pip of the environment that the server runs in, for what needs the files of the repository.
const PIP: &str = "\"${NB_PYTHON_PREFIX}/bin/pip\" install --no-cache-dir";
/// Files that are there for people.
const PLAIN: [&str; 9] =
    ["README.md", "README.rst", "README", "LICENSE", "LICENSE.md", "LICENSE.txt", ".gitignore", "CITATION.cff", ".gitattributes"];

struct Steps<'s, 'w, 'f> {
    work: &'s mut Work<'f>,
    folder: &'w Folder,
    given: Vec<Given>,
    /// Steps that need the files of the repository.
    behind: Vec<Given>,
}

/// The steps of a folder; `None` where repo2docker stops.
pub(super) fn steps(work: &mut Work<'_>, folder: &Folder, pack: &Pack, target: &str) -> Option<Vec<Given>> {
    let first = folder.files.first().and_then(|file| text(work, folder, file))?.0;
    let top = place(first, work);
    let mut steps = Steps { work, folder, given: Vec::new(), behind: Vec::new() };
    steps.given.extend(pack.notes.iter().map(|(place, kind, words)| Given::note(*place, *kind, words.clone())));
    if target != HOME {
        steps.target(top, target);
    }
    if pack.r.is_some() || pack.conda_r {
        steps.add(top, "SET", "platforms = [\"linux/amd64\"]");
    }
    if let Some((version, day)) = &pack.r {
        let of = text(steps.work, folder, "runtime.txt").map_or(top, |(id, _)| place(id, steps.work));
        steps.add(of, "SET", &format!("include repo2docker.r(version = \"{version}\", day = \"{day}\")"));
    }
    steps.apt()?;
    if !matches!(pack.kind, PackKind::Pipfile | PackKind::Nix) {
        steps.conda(pack);
    }
    if matches!(pack.kind, PackKind::Python | PackKind::R | PackKind::Julia) {
        steps.pip();
    }
    match pack.kind {
        PackKind::R => {
            steps.r();
            steps.description();
        }
        PackKind::Pipfile => steps.pipfile(),
        _ => {}
    }
    steps.scripts(target);
    steps.copy(top, target);
    let Steps { mut given, behind, .. } = steps;
    given.extend(behind);
    Some(given)
}

impl Steps<'_, '_, '_> {
    fn add(&mut self, place: Place, word: &'static str, text: &str) {
        self.given.push(Given::new(place, word, text));
    }

    fn target(&mut self, place: Place, target: &str) {
        self.add(place, "ENV", &format!("REPO_DIR={target}"));
        self.add(place, "USER", "root");
        self.add(place, "RUN", &format!("install --owner=jovyan --group=jovyan --directory {target}"));
        self.add(place, "USER", "jovyan");
        self.add(place, "WORKDIR", target);
    }

    /// `apt.txt`: a name on each line, comments behind `#`.
    fn apt(&mut self) -> Option<()> {
        let Some((id, text)) = text(self.work, self.folder, "apt.txt") else { return Some(()) };
        let mut call = "apt-get update && apt-get install --yes --no-install-recommends".to_owned();
        let (mut comments, mut reasons, mut at, mut some) = (Vec::new(), Vec::new(), 0, false);
        for line in text.split_inclusive('\n') {
            let (words, comment) = line.split_once('#').map_or((line, ""), |(words, comment)| (words, comment.trim()));
            match words.split(['=', ' ']).next().filter(|name| !name.trim().is_empty()) {
                _ if comment.is_empty() => {}
                Some(package) => reasons.push((package.trim().to_owned(), comment.to_owned())),
                None => comments.push((call.len() + 1, comment.to_owned())),
            }
            for package in words.split_whitespace() {
                let good = package.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".+-=:~".contains(&byte));
                if !good {
                    let start = at + line.find(package).unwrap_or(0);
                    let place = Place::new(id, Span::new(start, start + package.len()));
                    let words = format!("`{package}` is no name of a package, and repo2docker stops at it");
                    self.work.findings.push(broken(place, words).help("write one name of a package on each line"));
                    return None;
                }
                call.push(' ');
                call.push_str(package);
                some = true;
            }
            at += line.len();
        }
        if some {
            let mut given = Given::new(place(id, self.work), "RUN", call);
            given.comments = comments;
            given.reasons = reasons;
            self.given.push(given);
        }
        Some(())
    }

    fn conda(&mut self, pack: &Pack) {
        let file = if self.folder.has("environment.yml") { "environment.yml" } else { "environment.yaml" };
        let Some((id, text)) = text(self.work, self.folder, file) else { return };
        let place = place(id, self.work);
        let path = self.relative(file);
        let all = match Environment::read(file, &text) {
            Ok(Environment::Described(all, _)) => all,
            _ => Vec::new(),
        };
        if all.iter().any(|one| one.pip && is_local(&one.text)) {
            let call = format!("\"${{MAMBA_EXE}}\" env update --prefix \"${{NB_PYTHON_PREFIX}}\" --file {path}");
            self.later(place, &format!("{call} && \"${{MAMBA_EXE}}\" clean --all --force --yes"));
        } else if !all.is_empty() {
            self.add(place, "RUN", &format!("mamba env update --name base --file {path}"));
        }
        if pack.conda_r && pack.r.is_none() {
            self.add(place, "SET", "include repo2docker.conda-r");
        }
    }

    fn pip(&mut self) {
        if let Some((id, text)) = text(self.work, self.folder, "requirements.txt") {
            let place = place(id, self.work);
            let path = self.relative("requirements.txt");
            if self.is_package() || text.lines().any(is_local) {
                self.later(place, &format!("{PIP} --requirement {path}"));
            } else {
                self.add(place, "RUN", &format!("pip install --no-cache-dir -r {path}"));
            }
        }
        if self.is_package() {
            let file = if self.folder.has("setup.py") { "setup.py" } else { "pyproject.toml" };
            if let Some((id, _)) = text(self.work, self.folder, file) {
                let place = place(id, self.work);
                self.later(place, &format!("{PIP} ."));
            }
        }
    }

    /// Whether pip installs the repository itself.
    fn is_package(&mut self) -> bool {
        if !self.folder.is_plain() {
            return false;
        }
        let built = |text: &str| ["[project]", "[build-system]"].iter().all(|table| text.lines().any(|line| line.trim() == *table));
        self.folder.has("setup.py") || text(self.work, self.folder, "pyproject.toml").is_some_and(|(_, text)| built(&text))
    }

    fn r(&mut self) {
        if let Some((id, text)) = text(self.work, self.folder, "install.R") {
            let Some(calls) = calls(&text) else { return self.script(id) };
            for (at, call) in calls.into_iter().enumerate() {
                let place = Place::new(id, Span::new(call.start, call.end));
                let lines = text.get(call).unwrap_or_default().lines().map(|line| line.split('#').next().unwrap_or_default());
                let call = lines.map(str::trim).collect::<String>().replace('\'', "\"");
                self.add(place, "RUN", &format!("Rscript -e '{call}'"));
                if at == 0
                    && let Some(given) = self.given.last_mut()
                {
                    given.notes.push((Changed, "a package that fails to install stops the build now".to_owned()));
                }
            }
        }
    }

    /// `install.R` that does more than install.
    fn script(&mut self, id: FileId) {
        let place = place(id, self.work);
        let mount = format!("--mount=type=bind,source={},target=/tmp/install.R", self.relative("install.R"));
        self.add(place, "RUN", &format!("{mount} {RSCRIPT} /tmp/install.R"));
    }

    /// The repository as a package of R.
    fn description(&mut self) {
        let description = if self.folder.path.is_empty() { "DESCRIPTION".to_owned() } else { format!("{}/DESCRIPTION", self.folder.path) };
        if self.folder.description
            && let Some(id) = self.work.read(&description)
        {
            let place = place(id, self.work);
            self.later(place, "R --no-save --no-restore --no-init-file --no-environ --quiet -e \"remotes::install_local()\"");
        }
    }

    fn pipfile(&mut self) {
        let locked = self.folder.has("Pipfile.lock");
        let Some((id, _)) = text(self.work, self.folder, if locked { "Pipfile.lock" } else { "Pipfile" }) else { return };
        let place = place(id, self.work);
        self.add(place, "RUN", "pip install --no-cache-dir pipenv==2022.1.8");
        let option = if locked { "--ignore-pipfile" } else { "--skip-lock" };
        let folder = if self.folder.is_plain() { String::new() } else { format!("cd {} && ", self.relative("").trim_end_matches('/')) };
        self.later(place, &format!("{folder}pipenv install {option} --system --dev && pipenv --clear"));
    }

    /// A step that needs the files of the repository, as it was.
    fn later(&mut self, place: Place, call: &str) {
        let mut given = Given::new(place, "RUN", call);
        given.notes.push((KeptAsRun, "it reads files of the repository, so it runs behind the copy of them".to_owned()));
        self.behind.push(given);
    }

    /// `postBuild` and `start`
    fn scripts(&mut self, target: &str) {
        let executable = |steps: &Self, file: &str| {
            let path = steps.folder.inside(file);
            if steps.work.files.kind(&path) == Ok(Kind::File { executable: true }) {
                String::new()
            } else {
                format!("chmod +x {} && ", steps.relative(file))
            }
        };
        if let Some((id, _)) = text(self.work, self.folder, "postBuild") {
            let chmod = executable(self, "postBuild");
            let call = format!("{chmod}./{}", self.relative("postBuild"));
            self.behind.push(Given::new(place(id, self.work), "RUN", call));
        }
        if let Some((id, _)) = text(self.work, self.folder, "start") {
            let place = place(id, self.work);
            let chmod = executable(self, "start");
            if let Some(chmod) = chmod.strip_suffix(" && ") {
                self.behind.push(Given::new(place, "RUN", chmod));
            }
            self.behind.push(Given::new(place, "ENV", format!("R2D_ENTRYPOINT={target}/{}", self.relative("start"))));
        }
    }

    /// The path of a file of the configuration in the repository.
    fn relative(&self, file: &str) -> String {
        let inside = self.folder.inside(file);
        inside.strip_prefix(&self.folder.path).unwrap_or(&inside).trim_start_matches('/').to_owned()
    }

    /// The files of the repository, where there is something but lists among them.
    fn copy(&mut self, place: Place, target: &str) {
        let listed = self.work.files.list(&self.folder.path).unwrap_or_default();
        let config = self.folder.config.clone();
        let own = |name: &str| self.folder.is_plain() && self.folder.has(name) || config.rsplit('/').next() == Some(name);
        let passed = |name: &str| name == ".git" || name == ".github" || PLAIN.contains(&name);
        let content: Vec<_> =
            listed.iter().filter(|entry| !own(&entry.name) && !passed(&entry.name) && entry.name != "DESCRIPTION").collect();
        if content.is_empty() && self.behind.is_empty() {
            return;
        }
        let mut notes = Vec::new();
        if target == HOME && !content.is_empty() {
            let words = format!("the files are in `{HOME}`, as with repo2docker: a hub that mounts people's volumes there hides them");
            notes.push((Decide, words));
        }
        for ignore in [".dockerignore", ".containerignore"].iter().filter(|ignore| self.folder.has(ignore)) {
            notes.push((Changed, format!("what `{ignore}` keeps out of the image is copied: take it out of the folder")));
        }
        for entry in content.iter().filter(|entry| matches!(entry.kind, Kind::File { .. })) {
            let path = if self.folder.path.is_empty() { entry.name.clone() } else { format!("{}/{}", self.folder.path, entry.name) };
            if let Some(why) = large(self.work, &path) {
                notes.push((Decide, format!("`{path}` is not copied beside the program: {why}")));
            }
        }
        let mut copies = Vec::new();
        if self.folder.path.is_empty() && self.work.beside() {
            // The program is written here as well, and its artifacts are no part of an image.
            let kept = listed.iter().filter(|entry| !matches!(entry.name.as_str(), ".git" | ".github" | "jenv.lock" | "locks"));
            let kept = kept.filter(|entry| !is_own(self.work, &entry.name, entry.kind));
            let (folders, files): (Vec<_>, Vec<_>) = kept.partition(|entry| entry.kind == Kind::Folder);
            let names: Vec<String> = files.iter().filter(|entry| entry.kind != Kind::Other).map(|entry| entry.name.clone()).collect();
            if !names.is_empty() {
                copies.push(json(names.into_iter().chain([format!("{target}/")])));
            }
            copies.extend(folders.iter().map(|entry| json([entry.name.clone(), format!("{target}/{}", entry.name)])));
        } else {
            copies.push(format!(". {target}/"));
        }
        for copy in copies {
            let mut given = Given::new(place, "COPY", format!("--chown=jovyan:jovyan {copy}"));
            given.notes = std::mem::take(&mut notes);
            self.given.push(given);
        }
    }
}

/// Whether a file is of a program and its artifacts, or a folder has nothing else.
fn is_own(work: &Work<'_>, path: &str, kind: Kind) -> bool {
    if kind != Kind::Folder {
        return path.rsplit_once('.').is_some_and(|(_, ending)| ending == "jenv") || is_compiled(work, path);
    }
    let listed = work.files.list(path).unwrap_or_default();
    !listed.is_empty() && listed.iter().all(|entry| is_own(work, &format!("{path}/{}", entry.name), entry.kind))
}

fn json(words: impl IntoIterator<Item = String>) -> String {
    serde_json::Value::from_iter(words).to_string()
}

/// Whether a line for pip names files of the repository.
fn is_local(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default().trim();
    let (option, rest) = match line.strip_prefix('-') {
        Some(_) => line.split_once(['=', ' ']).unwrap_or((line, "")),
        None => ("", line),
    };
    match option {
        "-r" | "-c" | "--requirement" | "--constraint" => true,
        "" | "-e" | "--editable" | "-f" | "--find-links" => {
            let rest = rest.trim();
            rest.starts_with("file:") || rest.starts_with(['.', '/']) && !rest.contains("://")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_the_repository_is_known() {
        for local in ["-e .", "-r more.txt", "--requirement=more.txt", "./wheels/a.whl", "-e ./pkg  # own", "file:pkg"] {
            assert!(is_local(local), "{local}");
        }
        for other in
            ["numpy", "# -e .", "", "--pre", "git+https://example.org/x", "-e git+https://example.org/x#egg=x", "-f https://example.org/"]
        {
            assert!(!is_local(other), "{other}");
        }
    }
}
