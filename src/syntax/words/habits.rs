//! What people write who come from Docker, YAML, pip, conda, Kubernetes and `KubeSpawner`, and what it is called here.

use super::habit::{Habit, is, way};
use super::menu_habits::{HUB, MENU};
use super::word::{Form, Room};

/// Versions in words, which no list takes.
pub const VERSIONS: [&str; 3] = ["latest", "newest", "stable"];

/// Flags of package managers that a build has anyway, or needs not.
pub const SILENT_FLAGS: [&str; 12] =
    ["-y", "--yes", "-q", "--quiet", "-qq", "-U", "--upgrade", "--no-cache-dir", "--no-install-recommends", "-g", "--global", "--user"];

const PYTHON: &str =
    "choose the Python by the image: its `tag`, or an axis `matrix python = [3.11, 3.12]` in it; or write `conda { python 3.12.* }`";

const SECRET: &str = "write `credential TOKEN env \"TOKEN\"`, and `with TOKEN` in the step that needs it";

const OF_ENTRY: &str = "write it in the `profile` of an environment; `profile { when variant == cuda { gpu = 1 } }` is for one variant";

/// Statements of a layer: Docker's instructions, the commands of package managers, YAML's keys.
const STATEMENTS: &[Habit] = &[
    is("apt-get", "apt", "write `apt { curl }`"),
    is("aptitude", "apt", "write `apt { curl }`"),
    is("deb", "apt", "write `apt { curl }`"),
    is("yum", "dnf", "write `dnf { curl }`"),
    is("microdnf", "dnf", "write `dnf { curl }`"),
    is("rpm", "dnf", "write `dnf { curl }`"),
    is("mamba", "conda", "write `conda { dask }`"),
    is("micromamba", "conda", "write `conda { dask }`"),
    is("pip3", "pip", "write `pip { dask }`"),
    is("uv", "pip", "write `pip { dask }`"),
    is("pipx", "pip", "write `pip { dask }`"),
    is("pypi", "pip", "write `pip { dask }`"),
    is("poetry", "pip", "write `pip { dask }`"),
    is("pipenv", "pip", "write `pip { dask }`"),
    is("pdm", "pip", "write `pip { dask }`"),
    is("pixi", "conda", "write `conda { dask }`"),
    is("anaconda", "conda", "write `conda { dask }`"),
    is("yarn", "npm", "write `npm { esbuild }`"),
    is("pnpm", "npm", "write `npm { esbuild }`"),
    is("r-packages", "cran", "write `cran { jsonlite }`"),
    is("r", "cran", "write `cran { jsonlite }`"),
    is("renv", "cran", "write `cran { jsonlite }`"),
    is("system", "apt", "write `apt { curl }`"),
    is("system_packages", "apt", "write `apt { curl }`"),
    is("apt_packages", "apt", "write `apt { curl }`"),
    is("debian", "apt", "write `apt { curl }`"),
    is("pip_packages", "pip", "write `pip { dask }`"),
    is("conda_packages", "conda", "write `conda { dask }`"),
    way("brew", "name the manager of the image: `apt { curl }`, `conda { dask }`"),
    way("buildInputs", "name the manager: `apt { curl }`, `conda { dask }`, `pip { dask }`"),
    way("pkgs", "name the manager: `apt { curl }`, `conda { dask }`, `pip { dask }`"),
    way("labextension", "write `pip { NAME }` for the package that holds the extension"),
    way("extensions", "write `pip { NAME }` for the packages that hold the extensions"),
    way("jupyter", "write `run \"jupyter …\"`"),
    way("count", "write `matrix NAME = [ … ]` for a cell each"),
    way("apk", "build on an image of Debian, Ubuntu or Fedora: Jupyter's images are not made for Alpine"),
    way("install", "name the manager: `apt { curl }`, `conda { dask }`, `pip { dask }`"),
    way("packages", "name the manager: `apt { curl }`, `conda { dask }`, `pip { dask }`"),
    way("dependencies", "name the manager: `apt { curl }`, `conda { dask }`, `pip { dask }`"),
    way("requirements", "write `pip file \"requirements.txt\"`, or `pip { dask }`"),
    way("channels", "write `conda channel \"conda-forge\" { dask }`"),
    is("download", "fetch", "write `fetch \"https://…\" sha256 \"…\" to \"/opt/…\"`"),
    is("wget", "fetch", "write `fetch \"https://…\" sha256 \"…\" to \"/opt/…\"`"),
    is("curl", "fetch", "write `fetch \"https://…\" sha256 \"…\" to \"/opt/…\"`"),
    is("add", "copy", "write `copy \"file\" to \"/opt/\"`, or `fetch` for an address"),
    is("write", "file", "write `file \"/etc/x.conf\" \"text\"`"),
    is("files", "copy", "write `copy \"file\" to \"/opt/\"`"),
    is("directory", "folder", "write `folder \"/srv/data\"`"),
    is("sh", "run", "write `run \"command\"`"),
    is("bash", "run", "write `run \"command\"`"),
    is("script", "run", "write `run \"command\"`"),
    is("exec", "run", "write `run \"command\"`"),
    is("command", "run", "write `run \"command\"`, or `cmd [\"program\"]` for what the image starts"),
    is("git", "build", "write `build from git \"https://…\" rev \"…\" { run \"…\" }`"),
    is("clone", "build", "write `build from git \"https://…\" rev \"…\" { run \"…\" }`"),
    is("environment", "env", "write `env { NAME = \"value\" }`"),
    is("variables", "env", "write `env { NAME = \"value\" }`"),
    is("export", "env", "write `env { NAME = \"value\" }`"),
    is("set", "env", "write `env { NAME = \"value\" }`"),
    is("args", "arg", "write `arg NAME = \"value\"`"),
    is("labels", "label", "write `label { \"org.example.team\" = \"physics\" }`"),
    is("ports", "expose", "write `expose 8888`"),
    is("port", "expose", "write `expose 8888`"),
    is("working_dir", "workdir", "write `workdir \"/opt/work\"`"),
    is("cwd", "workdir", "write `workdir \"/opt/work\"`"),
    is("cd", "workdir", "write `workdir \"/opt/work\"`"),
    is("maintainer", "authors", "write `authors [\"name\"]`"),
    way("volume", "write `override { volumes = { … }  volume_mounts = { … } }` in a profile: volumes belong to the hub"),
    way("volumes", "write `override { volumes = { … }  volume_mounts = { … } }` in a profile: volumes belong to the hub"),
    way("onbuild", "write the steps in an open layer that others stack: `from base / layer`"),
    is("if", "when", "write `when python >= 3.12 { … }` around what depends on it"),
    way("unless", "write `when not … { … }` around what depends on it"),
    way("else", "write a second `when` with the opposite condition: `when not … { … }`"),
    way("for", "write `matrix NAME = [ … ]` for a cell each, or `include fragment([ … ])` for a step each"),
    way("foreach", "write `matrix NAME = [ … ]` for a cell each, or `include fragment([ … ])` for a step each"),
    way("each", "write `matrix NAME = [ … ]` for a cell each, or `include fragment([ … ])` for a step each"),
    is("use", "include", "write `include fragment`"),
    is("tag", "tags", "write `tags { latest }`"),
    is("depends_on", "after", "write `after layer`"),
    is("needs", "after", "write `after layer`, or `requires { … }`"),
    is("extends", "from", "write `from base`"),
    is("layers", "from", "write `from base / tables`"),
    is("stack", "from", "write `from base / tables`"),
    is("inherits", "from", "write `from base`"),
    is("variants", "variant", "write `variant cpu { … }` for each"),
    is("base", "from", "write `from base`"),
    is("image", "from", "write `from base`: the image is a definition of its own"),
    is("parent", "from", "write `from base`"),
    is("base_image", "from", "write `from base`: the image is a definition of its own"),
    is("hidden", "internal", "write `internal`"),
    is("check", "test", "write `test \"name\" { run \"…\" }`"),
    is("tests", "test", "write `test \"name\" { run \"…\" }`"),
    is("menu", "profile", "write `profile { title = \"…\" }`"),
    way("strategy", "write `matrix python = [3.11, 3.12]` in the layer itself"),
    way("bake", "write `output bake { path = \"docker-bake.json\" }` at the top of a file"),
    way("restart", "leave it out: the hub starts and stops servers"),
    way("stopsignal", "leave it out: the hub stops servers"),
    way("secrets", SECRET),
    way("secret", SECRET),
    way("steps", "leave it out: write the steps themselves, `run \"command\"`, in the layer"),
    way("uses", "write the steps of the layer: `output workflow { }` writes the workflow"),
    way("runs-on", "write `ci { runner = \"ubuntu-24.04\" }`"),
    way("with", "write it behind the word of a step: `run with \"file\" \"command\"`"),
    way("inherit", "name the packages in their list: `apt { curl }`, `conda { dask }`, `pip { dask }`"),
    way("python", PYTHON),
    way("gpu", OF_ENTRY),
    way("memory", OF_ENTRY),
    way("cpu", OF_ENTRY),
    way("node", OF_ENTRY),
    way("url", OF_ENTRY),
    way("choose", OF_ENTRY),
    way("groups", OF_ENTRY),
    way("slug", OF_ENTRY),
    way("option", OF_ENTRY),
    way("name", "write the name behind the word: `layer NAME { }`"),
    way("version", "leave it out: the tag is computed from all that is in the image"),
];

/// Fields of an image.
const IMAGE: &[Habit] = &[
    is("repository", "ref", "write `ref = \"quay.io/jupyter/base-notebook\"`"),
    is("image", "ref", "write `ref = \"quay.io/jupyter/base-notebook\"`"),
    is("name", "ref", "write `ref = \"quay.io/jupyter/base-notebook\"`"),
    is("from", "ref", "write `ref = \"quay.io/jupyter/base-notebook\"`"),
    is("reference", "ref", "write `ref = \"quay.io/jupyter/base-notebook\"`"),
    is("url", "ref", "write `ref = \"quay.io/jupyter/base-notebook\"`"),
    is("version", "tag", "write `tag = \"2026-07-28\"`"),
    is("tags", "tag", "write `tag = \"2026-07-28\"`"),
    is("sha256", "digest", "write `digest = \"sha256:…\"`"),
    is("sha", "digest", "write `digest = \"sha256:…\"`"),
    is("platform", "platforms", "write `platforms = [\"linux/amd64\"]`"),
    is("arch", "platforms", "write `platforms = [\"linux/amd64\"]`"),
    is("packages", "provides", "write `provides { conda { … } }`"),
    way("python", "write `matrix python = [3.11, 3.12]`, or `provides { conda { python 3.12.* } }`"),
];

/// Fields of a project.
const PROJECT: &[Habit] = &[
    way("name", "write the name behind the word: `project NAME { }`"),
    is("host", "registry", "write `registry = \"ghcr.io/owner\"`"),
    is("repo", "repository", "write `repository = \"{{ name }}\"`"),
    is("url", "source", "write `source = \"https://…\"`"),
    is("homepage", "source", "write `source = \"https://…\"`"),
    is("maintainers", "maintainer", "write `maintainer = \"name\"`"),
    is("authors", "maintainer", "write `maintainer = \"name\"`"),
    is("author", "maintainer", "write `maintainer = \"name\"`"),
    is("licence", "license", "write `license = \"BSD-3-Clause\"`"),
    is("arch", "platforms", "write `platforms = [\"linux/amd64\"]`"),
    is("multi_arch", "platforms", "write `platforms = [\"linux/amd64\", \"linux/arm64\"]`"),
    is("arm64", "platforms", "write `platforms = [\"linux/amd64\", \"linux/arm64\"]`"),
    is("architectures", "platforms", "write `platforms = [\"linux/amd64\"]`"),
    is("platform", "platforms", "write `platforms = [\"linux/amd64\"]`"),
    way("python", PYTHON),
    way("version", "leave it out: each image's tag is computed from all that is in it"),
];

/// Kinds of outputs.
const OUTPUTS: &[Habit] = &[
    is("kubernetes", "configmap", "write `output configmap`, or `output values` for plain Helm"),
    is("k8s", "configmap", "write `output configmap`, or `output values` for plain Helm"),
    is("kustomize", "configmap", "write `output configmap`: kustomize takes the file as a resource"),
    is("profiles", "configmap", "write `output configmap`, or `output values` for plain Helm"),
    is("argo", "values", "write `output values`"),
    is("argocd", "values", "write `output values`"),
    is("helm", "values", "write `output values`, or `output helmrelease` for Flux"),
    is("flux", "helmrelease", "write `output helmrelease`"),
    is("github", "workflow", "write `output workflow`"),
    is("github-actions", "workflow", "write `output workflow`"),
    is("actions", "workflow", "write `output workflow`"),
    is("ci", "workflow", "write `output workflow`"),
    is("docker", "dockerfiles", "write `output dockerfiles`"),
    is("images", "dockerfiles", "write `output dockerfiles`"),
    is("containerfiles", "dockerfiles", "write `output dockerfiles`"),
    is("docs", "catalog", "write `output catalog`"),
    is("html", "catalog", "write `output catalog`"),
];

/// Fields of outputs.
const OUTPUT: &[Habit] = &[
    is("file", "path", "write `path = \"…\"`"),
    is("filename", "path", "write `path = \"…\"`"),
    is("to", "path", "write `path = \"…\"`"),
    is("dir", "path", "write `path = \"…\"`"),
    is("cron", "schedule", "write `schedule = \"0 3 * * 1\"`"),
    way("tags", "write `tags { latest  date }` in the layers that have further tags; the computed tag is always there"),
    way("tag", "leave it out: the tag is computed from all that is in an image; `tags { latest }` in a layer adds others"),
    way("registry", "write `registry = \"ghcr.io/owner\"` in the `project`"),
    way("platforms", "write `platforms = [\"linux/amd64\"]` in the `project`, or in a layer"),
    way("targets", "leave it out: every image is a target"),
    way("images", "leave it out: every image is in it"),
    way("push", "leave it out: the workflow pushes what it has built"),
    way("on", "leave it out: the workflow runs on pushes and pull requests; `schedule = \"0 3 * * 1\"` adds a time"),
    way("branches", "leave it out: a push to the default branch publishes, a pull request builds"),
    way("runs-on", "write `ci { runner = \"ubuntu-24.04\" }` in a layer that needs another runner"),
    way("runner", "write `ci { runner = \"ubuntu-24.04\" }` in a layer that needs another runner"),
    way("timeout", "write `ci { timeout = 30m }` in a layer"),
    way("jobs", "leave it out: there is a job for each image"),
    way("format", "leave it out: the end of `path` and the kind of the output say it"),
    way("labels", "leave it out: the metadata of the artifact is written by jenvc"),
    way("permissions", "leave it out: each job has the permissions that it needs"),
];

/// How CI treats an image: words of GitHub's workflows.
const CI: &[Habit] = &[way("timeout-minutes", "write `timeout = 30m`"), is("runs-on", "runner", "write `runner = \"ubuntu-24.04\"`")];

/// What a test runs.
const TEST: &[Habit] = &[
    is("command", "run", "write `run \"…\"`"),
    is("script", "run", "write `run \"…\"`"),
    is("cmd", "run", "write `run \"…\"`"),
    is("assert", "expect", "write `expect \"…\"`: a text that the output holds"),
    is("contains", "expect", "write `expect \"…\"`: a text that the output holds"),
];

/// The folder of the Dockerfiles.
const DOCKERFILES: &[Habit] = &[
    is("path", "dir", "write `dir = \"images\"`"),
    is("folder", "dir", "write `dir = \"images\"`"),
    is("directory", "dir", "write `dir = \"images\"`"),
];

/// Words at the top of a file.
const TOP: &[Habit] = &[
    is("include", "import", "write `import \"layers/*.jenv\"`"),
    is("use", "import", "write `import std.NAME`"),
    is("require", "import", "write `import \"layers.jenv\"`"),
    is("var", "let", "write `let NAME = VALUE`"),
    is("const", "let", "write `let NAME = VALUE`"),
    is("set", "let", "write `let NAME = VALUE`"),
    is("variable", "let", "write `let NAME = VALUE`"),
    way("locals", "write `let NAME = VALUE` for each"),
    way("resource", "write `image NAME { ref = \"…\" }` for what exists, `layer NAME { from … }` for what is built"),
    way("data", "write `image NAME { ref = \"…\" }`"),
    way("module", "write `import \"layers/*.jenv\"`, or `fragment NAME(a, b) { … }` for steps that repeat"),
    way("provider", "write `project NAME { registry = \"ghcr.io/owner\" }`"),
    way("terraform", "write `project NAME { registry = \"ghcr.io/owner\" }`"),
    way("from", "write `image NAME { ref = \"quay.io/jupyter/base-notebook\" }`, and `layer NAME { from … }` for what is built on it"),
    way("run", "write `layer NAME { from …  run \"…\" }`: a step belongs to a layer"),
    way("imports", "write `import \"layers/*.jenv\"` for each"),
    way("on", "write `output workflow { … }`: it writes the workflow"),
    way("jobs", "write `output workflow { … }`: it writes the workflow"),
    way("name", "write the name behind the word: `project NAME { }`"),
    way("version", "leave it out: a file of the language has no version of its format"),
    way("services", "write a `layer` for each image, and an `environment` with a `profile` for each entry of the menu"),
    way("arg", "write `let NAME = \"value\"` here, or `arg NAME = \"value\"` in a layer"),
    way("inputs", "write `import \"layers/*.jenv\"`, and `image NAME { ref = \"…\" }` for what exists"),
    is("function", "fragment", "write `fragment NAME(a, b) { … }`"),
    is("macro", "fragment", "write `fragment NAME(a, b) { … }`"),
    is("template", "fragment", "write `fragment NAME(a, b) { … }`"),
    is("def", "fragment", "write `fragment NAME(a, b) { … }`"),
    is("stage", "layer", "write `layer NAME { … }`"),
    is("base", "image", "write `image NAME { ref = \"…\" }`"),
    is("env", "environment", "write `environment NAME { … }`"),
    is("jupyterhub", "hub", "write `hub NAME { chart = 4.4 }`"),
    is("repository", "repo", "write `repo NAME apt { … }`"),
    way("target", "write `output bake { }`: each image of the program is a target"),
    way("group", "leave it out: `output bake` has a group for each image"),
    way("in", "leave it out: a `let` holds for the whole file"),
    way("outputs", "write one for each: `output dockerfiles { }`, `output configmap { }`"),
    way("workflow", "write `output workflow { }`"),
    way("dockerfiles", "write `output dockerfiles { }`"),
    way("dockerfile", "write `output dockerfiles { }`"),
    way("bake", "write `output bake { }`"),
    way("configmap", "write `output configmap { }`"),
    way("values", "write `output values { }`"),
    way("helmrelease", "write `output helmrelease { }`"),
    way("catalog", "write `output catalog { }`"),
    way("catalogue", "write `output catalog { }`"),
    way("pre_commit", "leave it out: `jenvc init --pre-commit` writes `.pre-commit-config.yaml`"),
];

/// Words before the braces of a package list, and behind a package.
const LIST: &[Habit] = &[
    is("name", "env", "write `env NAME`, as in `conda env work { … }`"),
    is("environment", "env", "write `env NAME`, as in `conda env work { … }`"),
    is("prefix", "env", "write `env NAME`, as in `conda env work { … }`"),
    is("channels", "channel", "write `channel \"conda-forge\"`"),
    is("c", "channel", "write `channel \"conda-forge\"`"),
    is("index-url", "index", "write `index \"https://…\"`"),
    is("extra-index-url", "extra-index", "write `extra-index \"https://…\"`"),
    is("requirements", "file", "write `file \"requirements.txt\"`"),
    is("requirement", "file", "write `file \"requirements.txt\"`"),
    is("r", "file", "write `file \"requirements.txt\"`"),
    is("repo", "from", "write `from REPO`"),
    is("user", "as", "write `as user`"),
    is("sudo", "as", "write `as root`"),
    is("nodeps", "no-deps", "write `no-deps`"),
];

/// The habits of a room.
const fn of_room(room: Room) -> &'static [Habit] {
    match room {
        Room::Layer | Room::Steps => STATEMENTS,
        Room::Image => IMAGE,
        Room::Project => PROJECT,
        Room::Profile | Room::NamedProfile | Room::Choice | Room::Unlisted | Room::Defaults | Room::MenuOption => MENU,
        Room::Hub => HUB,
        Room::Output => OUTPUTS,
        Room::OutputDockerfiles => DOCKERFILES,
        Room::OutputBake | Room::OutputWorkflow | Room::OutputMenu | Room::OutputCatalog => OUTPUT,
        Room::Ci => CI,
        Room::Test => TEST,
        Room::Top => TOP,
        Room::List | Room::Entry => LIST,
        _ => &[],
    }
}

/// What a word of another tool is called in a room: `-`, `_` and case do not matter. Instructions of Docker are the words here
/// in capitals.
#[must_use]
pub fn habit(room: Room, word: &str) -> Option<Habit> {
    // The words here have small letters only.
    let capitals = word.bytes().any(|byte| byte.is_ascii_uppercase());
    let mut words = room.words().filter(|_| capitals);
    let known = words.find(|known| known.form != Form::Behind && known.name.eq_ignore_ascii_case(word));
    if let Some(known) = known {
        return Some(Habit { word: known.name, instead: known.name, help: "write the word in small letters", bare: false });
    }
    with_word(of_room(room), word)
}

/// What a word of another tool is called here, in each room where it is known; each way once.
#[must_use]
pub fn habits(word: &str) -> Vec<(Room, Habit)> {
    let mut found: Vec<(Room, Habit)> = Vec::new();
    for room in Room::all() {
        let own = with_word(of_room(room), word);
        found.extend(own.filter(|habit| found.iter().all(|(_, other)| other.help != habit.help)).map(|habit| (room, habit)));
    }
    found
}

/// The row of a word. Most rows differ in the first letter, which is looked at alone.
fn with_word(rows: &'static [Habit], word: &str) -> Option<Habit> {
    let first = folded(word).next();
    rows.iter()
        .find(|row| row.word.bytes().next().map(|byte| byte.to_ascii_lowercase()) == first && folded(row.word).eq(folded(word)))
        .copied()
}

/// The letters of a word without what does not matter in them.
fn folded(word: &str) -> impl Iterator<Item = u8> {
    word.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_lead_to_words_of_their_room() {
        for room in Room::all() {
            assert!(room.words().all(|word| !word.name.contains(|c: char| c.is_ascii_uppercase())), "a word of {room:?} has a capital");
            for (at, habit) in of_room(room).iter().enumerate() {
                assert!(habit.word.starts_with(|c: char| c.is_ascii_alphanumeric()), "`{}` is found by its first letter", habit.word);
                let known_before = of_room(room)[..at].iter().any(|other| folded(other.word).eq(folded(habit.word)));
                assert!(!known_before, "`{}` in {room:?} is there in another spelling", habit.word);
                let own = room.words().any(|word| word.name == habit.word);
                let known = habit.instead.is_empty() || room.words().any(|word| word.name == habit.instead);
                // A table is shared by rooms that differ in a few words.
                assert!(!own || known, "`{}` in {room:?} is a word of its own", habit.word);
            }
        }
        assert_eq!(habit(Room::Layer, "RUN").map(|habit| habit.instead), Some("run"));
        assert_eq!(habit(Room::Profile, "nodeSelector").map(|habit| habit.instead), Some("node"));
        assert!(habit(Room::Layer, "frobnicate").is_none());
    }
}
