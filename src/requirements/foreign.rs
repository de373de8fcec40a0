//! Files of other programs that are given for a list, and what makes a list of each.

/// A file that neither pip nor conda reads as a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What it is.
    pub what: &'static str,
    /// One imperative.
    pub help: &'static str,
}

/// Each as of 2026-11, by the commands of the programs' own documentation.
const FILES: [(&str, Foreign); 9] = [
    ("pyproject.toml", is("a project's own file", "compile a list: `uv pip compile pyproject.toml --output-file requirements.txt`")),
    ("uv.lock", is("a lock file of uv", "write a list: `uv export --output-file requirements.txt`")),
    ("pylock.toml", is("a lock file", "write a list: `uv pip compile pyproject.toml --output-file requirements.txt`")),
    ("poetry.lock", is("a lock file of Poetry", "write a list: `poetry export --output requirements.txt`")),
    ("pdm.lock", is("a lock file of PDM", "write a list: `pdm export --output requirements.txt`")),
    ("Pipfile", is("a file of Pipenv", "write a list: `pipenv requirements > requirements.txt`")),
    ("Pipfile.lock", is("a lock file of Pipenv", "write a list: `pipenv requirements > requirements.txt`")),
    ("pixi.lock", PIXI),
    ("pixi.toml", is("a file of pixi", PIXI.help)),
];
const PIXI: Foreign = is("a lock file of pixi", "export what conda reads: `pixi workspace export conda-environment`");
const CONDA_LOCK: Foreign =
    is("a lock file of conda-lock", "write the lists that conda reads, one for each platform: `conda-lock render --kind explicit`");

const fn is(what: &'static str, help: &'static str) -> Foreign {
    Foreign { what, help }
}

impl Foreign {
    /// What a file is by its name and its lines, if it is another program's.
    #[must_use]
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let has = |key: &str| text.lines().any(|line| line.starts_with(key));
        let named = FILES.iter().find(|(known, _)| *known == name).map(|(_, foreign)| *foreign);
        named
            .or_else(|| (has("package:") && has("metadata:")).then_some(CONDA_LOCK))
            .or_else(|| (has("packages:") && has("environments:")).then_some(PIXI))
    }

    /// The same where pip is to read it, which reads no environment files either.
    #[must_use]
    pub fn to_pip(path: &str, text: &str) -> Option<Self> {
        let described = || (text.lines().any(|line| line.trim_end() == "dependencies:")).then_some(ENVIRONMENT);
        Self::of(path, text).or_else(described)
    }
}

const ENVIRONMENT: Foreign = is("an environment file of conda", "give it to conda: `conda file \"…\"`");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name_and_by_lines() {
        let what = |path: &str, text: &str| Foreign::to_pip(path, text).map(|foreign| foreign.what);
        assert_eq!(what("a/uv.lock", "version = 1\n"), Some("a lock file of uv"));
        assert_eq!(what("locks/gpu.yml", "version: 1\nmetadata: {}\npackage: []\n"), Some("a lock file of conda-lock"));
        assert_eq!(what("x.yaml", "version: 6\nenvironments: {}\npackages: []\n"), Some("a lock file of pixi"));
        assert_eq!(what("e.yml", "name: x\ndependencies:\n  - numpy\n"), Some("an environment file of conda"));
        assert_eq!(what("requirements.txt", "numpy\n"), None);
        assert_eq!(Foreign::of("e.yml", "dependencies:\n  - numpy\n"), None);
    }
}
