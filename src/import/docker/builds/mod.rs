//! Which file builds which image, and with which arguments: what workflows, bake and compose files, Makefiles, scripts and comments say.

mod bake;
mod call;
mod calls;
mod hcl;
mod workflow;

pub(super) use call::Build;

use crate::base::parent_of;
use crate::import::Work;

/// The builds that the files of a repository speak of.
pub(super) fn all(work: &mut Work<'_>, dockerfiles: &[String]) -> Vec<Build> {
    let found = work.found.clone();
    let mut builds: Vec<Build> = Vec::new();
    for path in found.bakes.iter().chain(&found.workflows).chain(&found.scripts).chain(dockerfiles) {
        let Some(file) = work.read(path) else { continue };
        let text = work.text(file);
        let folder = parent_of(path);
        let calls = if found.bakes.contains(path) {
            bake::calls(path, &text)
        } else if found.workflows.contains(path) {
            let called = |path: &str| {
                work.files.read(path, crate::base::MAX_FILE_BYTES).ok().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
            };
            workflow::calls(&text, &called)
        } else {
            calls::calls(&text, &|_| None)
        };
        for call in calls {
            for build in call.builds(folder, dockerfiles) {
                if !builds.contains(&build) {
                    builds.push(build);
                }
            }
        }
    }
    builds
}

#[cfg(test)]
mod tests {
    use super::call::{holes, matches, within};

    #[test]
    fn patterns_are_filled() {
        let hole = |text: &str| holes(text, &|_| None);
        let one = |pattern: &str, path: &str| {
            matches(&hole(pattern), path).map(|all| all.into_iter().map(|(_, value)| value).collect::<Vec<_>>())
        };
        assert_eq!(one("images/$A/Dockerfile", "images/x/Dockerfile"), Some(vec!["x".to_owned()]));
        assert_eq!(one("$A/$A.Dockerfile", "x/x.Dockerfile"), Some(vec!["x".to_owned(), "x".to_owned()]));
        assert_eq!(one("$A/$A.Dockerfile", "x/y.Dockerfile"), None);
        assert_eq!(one("$A/Dockerfile", "a/b/Dockerfile"), None);
        assert_eq!(one("Dockerfile", "Dockerfile"), Some(vec![]));
        assert_eq!((within("a", "./b/"), within("a", "."), within("", "b")), ("a/b".to_owned(), "a".to_owned(), "b".to_owned()));
    }
}
