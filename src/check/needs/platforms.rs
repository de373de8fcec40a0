//! `requires { os "ubuntu 24.04"  platform "linux/amd64" }`.

use super::below::Below;
use super::verdict::{Reason, Verdict};
use crate::ir::{Platform, RequirementKind};

/// The operating system against what the base is said to be: `ubuntu` is any of it.
pub(super) fn os(below: &Below<'_>, wanted: &str) -> Verdict {
    let base = below.base;
    let other = |text: String| Some((base.origin, text));
    let Some(has) = &base.os else {
        return Verdict::Open(Reason {
            said: format!("nothing says what `{}` is", base.name),
            here: "not decided".to_owned(),
            other: other("no `os` here".to_owned()),
            help: format!("add `os = \"{wanted}\"` to `{}`, if it is so", base.name),
        });
    };
    let alternatives = below.beside.iter().filter_map(|one| if let RequirementKind::Os(os) = &one.kind { Some(os.as_str()) } else { None });
    if alternatives.chain([wanted]).any(|wanted| is_a(has, wanted)) {
        return Verdict::Met;
    }
    Verdict::Unmet(Reason {
        said: format!("stands on `{has}`"),
        here: "not met".to_owned(),
        other: other(format!("`{}` is `{has}`", base.name)),
        help: "put it on another root, or change what it requires once it is known to work".to_owned(),
    })
}

/// Whether a system is the wanted one: the same words, or more of them.
fn is_a(has: &str, wanted: &str) -> bool {
    let lower = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    lower(has).starts_with(&lower(wanted))
}

/// The platform against those of the cell: each must be one of the wanted.
pub(super) fn platform(below: &Below<'_>, wanted: &str) -> Verdict {
    let beside =
        below.beside.iter().filter_map(|one| if let RequirementKind::Platform(name) = &one.kind { Platform::find(name) } else { None });
    let wanted: Vec<Platform> = beside.chain(Platform::find(wanted)).collect();
    let others: Vec<&str> =
        below.platforms.iter().filter(|platform| !wanted.contains(platform)).map(|platform| platform.as_str()).collect();
    if others.is_empty() {
        return Verdict::Met;
    }
    let others = others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    Verdict::Unmet(Reason {
        said: format!("is built for {others}"),
        here: "not met".to_owned(),
        other: None,
        help: "say `platforms = […]` in what is built on it, or `exclude { platform = … } because \"…\"`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_compared_by_words() {
        assert!(is_a("ubuntu 24.04", "ubuntu") && is_a("Ubuntu 24.04", "ubuntu 24.04"));
        assert!(!is_a("ubuntu 24.04", "ubuntu 24") && !is_a("ubuntu", "ubuntu 24.04") && !is_a("almalinux 9", "ubuntu"));
    }
}
