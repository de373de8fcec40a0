//! The schemes and the algebra of sets, as their users see them.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::{Bound, Constraint, Op, Scheme, VersionSet};

/// Reads `>=2, <3 | ==1.*` and `2.5.1=*cuda*`; the language's own reader stands floors above.
fn constraint(text: &str) -> Constraint {
    let bound = |text: &str| {
        let text = text.trim();
        let end = text.find(|c: char| !"=<>!~^".contains(c)).unwrap_or(text.len());
        let (op, rest) = text.split_at(end);
        let (version, build) = rest.split_once('=').map_or((rest, None), |(version, build)| (version, Some(build.to_owned())));
        Bound { op: Op::parse(op).expect("an operator"), version: version.to_owned(), build }
    };
    let alternatives = text.split('|').map(|all| all.split(',').map(bound).collect());
    Constraint { alternatives: if text.is_empty() { Vec::new() } else { alternatives.collect() } }
}

fn set(scheme: Scheme, text: &str) -> VersionSet {
    scheme.set(&constraint(text)).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

fn disjoint(scheme: Scheme, left: &str, right: &str) -> bool {
    let both = set(scheme, left).intersect(&set(scheme, right));
    assert_eq!(both.is_empty(), set(scheme, left).is_disjoint(&set(scheme, right)), "{left} {right}");
    both.is_empty()
}

#[test]
fn intersections_are_empty_where_the_ecosystem_says_so() {
    use Scheme::{Conda, Debian, Julia, Npm, Pep440, R, Rpm};
    for (scheme, left, right, expected) in [
        (Pep440, "<2", ">=2.1", true),
        (Pep440, "<2.0", "==2.0rc1", true),
        (Pep440, "<=2.0", "==2.0rc1", false),
        (Pep440, ">1.0", "==1.0.post1", true),
        (Pep440, ">1.0", "<1.0.post1", true),
        (Pep440, ">1.0", "<1.0.0.1", false),
        (Pep440, ">1.0, <=1.0", "", true),
        (Pep440, "==2.5.1", "==2.5.1+cu121", false),
        (Pep440, "<=2.5.1", "==2.5.1+cu121", false),
        (Pep440, "!=2.5.1", "==2.5.1+cu121", true),
        (Pep440, "==2.5.1+cpu", "==2.5.1+cu121", true),
        (Pep440, "~=1.4.2", "==1.4.1", true),
        (Pep440, "~=2.2.post3", "==2.9", false),
        (Pep440, "==1.*", "==1!1.0", true),
        (Pep440, "===1.0", "==1.0.0", false),
        (Pep440, "===1.0", "===1.0.0", true),
        (Pep440, "===1.0", "!=1.0", true),
        (Pep440, "===foo", ">=0", true),
        (Pep440, "===foo", "===FOO", false),
        (Pep440, "<0.dev0", "", true),
        (Pep440, ">=1, !=1.*", "<2", true),
        (Conda, "=1.2", "==1.2.3", false),
        (Conda, "==1.2", "==1.2.3", true),
        (Conda, "==1.2", "==1.2.0", false),
        (Conda, "=1.2", ">=1.3", true),
        (Conda, "!=1.2.*, !=1.3.*", ">=1.2, <1.4, !=1.4.*", true),
        (Conda, "2.5.1=*cuda*", "2.5.1=cpu_0", true),
        (Conda, "2.5.1=*cuda*", "2.5.1=py3*", false),
        (Conda, "*=openblas", "*=mkl", true),
        (Conda, "=1.26=py312*", ">=1.26.1", true),
        (Conda, "1.26.*=py312*", ">=1.26.1", false),
        (Conda, "2.5.*=*cuda*", "2.5.*=*cpu*", true),
        (Conda, "~=1.4.2", "==1.4.1", true),
        (Debian, "==1.0", "==1.0-0", false),
        (Debian, "==1.0-1", "==1.0-2", true),
        (Debian, "<1.0", ">=1.0~rc1", false),
        (Debian, "==5.15.*", "==5.15.0-1", false),
        (Rpm, "==1.0", "==1.0-3.el9", false),
        (Rpm, ">1.0", "==1.0-3.el9", true),
        (Rpm, "==1.0-1", "==1.0-2", true),
        (Npm, "^1.2", ">=2.0.0", true),
        (Npm, "^1.2", "==1.4.*", false),
        (Npm, "<2.0.0", ">=2.0.0-0", true),
        (Npm, "<2.0.0", "^2", true),
        (Npm, "<2.0.0-rc.2", ">=2.0.0-0", false),
        (Npm, ">=1", "==2.0.0-rc.1", true),
        (Npm, "<2", ">=2.0.0-0", true),
        (Npm, ">1.2.3", "<1.2.4-0", true),
        (Npm, "~1.2.3", "==1.3.0-alpha", true),
        (Julia, "^0.2.3", "==0.3.0", true),
        (Julia, "^0.0", "==0.0.9", false),
        (R, ">1.0", "<1.0.0", true),
        (R, ">=4", "==4.2-1", false),
    ] {
        assert_eq!(disjoint(scheme, left, right), expected, "{scheme:?} {left} with {right}");
        assert_eq!(disjoint(scheme, right, left), expected, "{scheme:?} {right} with {left}");
    }
}

#[test]
fn what_no_channel_has_is_no_candidate() {
    for (left, right, expected) in [
        ("<7", "=7", false),
        ("<7", "7.0.*", false),
        ("<7.0.0", ">=7.0a1", true),
        ("<7", "==7.0a1", true),
        ("<2.0a0", "=2", false),
        ("<2.0.dev0", ">=2.0", false),
        ("<2.0rc2", "=2", true),
        ("<2.1", "=2", true),
        ("<7", ">6.9", true),
        ("<=7", "=7", true),
        (">7", "<7.0.1", true),
        ("=7, !=7.0", "<7", false),
        ("<2024b", "=2024", true),
        ("<0", "", false),
        ("2.5.*=*cuda*", "<2.5", false),
    ] {
        let (one, two) = (set(Scheme::Conda, left), set(Scheme::Conda, right));
        assert_eq!(one.shares_candidate(&two), expected, "{left} with {right}");
        assert_eq!(two.shares_candidate(&one), expected, "{right} with {left}");
    }
}

#[test]
fn sets_show_as_people_write_them() {
    use Scheme::{Conda, Debian, Npm, Pep440, Rpm};
    for (scheme, text, shown) in [
        (Pep440, "", "any version"),
        (Pep440, ">=1, <1", "no version"),
        (Pep440, ">=2, <3", ">=2, <3"),
        (Pep440, ">=1, <5, >=2, <3.1", ">=2, <3.1"),
        (Pep440, "==1.26.*", "==1.26.*"),
        (Pep440, "==1.26.4", "==1.26.4"),
        (Pep440, "~=1.4.2", ">=1.4.2, <1.5"),
        (Pep440, ">=1, !=1.5, !=1.7.*, <2", ">=1, <2, !=1.5, !=1.7.*"),
        (Pep440, "<1 | >=2", "<1 | >=2"),
        (Pep440, "!=1.0", "!=1.0"),
        (Pep440, "===foo", "===foo"),
        (Pep440, "<=1.5, >1.0", ">1.0, <=1.5"),
        (Conda, "=1.2", "==1.2.*"),
        (Conda, "2.5.1=*cuda*", "==2.5.1 (build *cuda*)"),
        (Conda, "*=openblas", "* (build openblas)"),
        (Npm, "^1.2.3", ">=1.2.3, <2"),
        (Npm, "~1.2.3", ">=1.2.3, <1.3"),
        (Debian, ">=1:2.3-4", ">=1:2.3-4"),
        (Rpm, "==9.2.3", "==9.2.3"),
    ] {
        assert_eq!(set(scheme, text).to_string(), shown, "{scheme:?} {text}");
    }
}

#[test]
fn one_version_is_known_as_such() {
    use Scheme::{Conda, Debian, Npm, Pep440, R};
    for (scheme, text, single) in [
        (Pep440, "==1.26.4", Some("1.26.4")),
        (Pep440, "1.26.4", Some("1.26.4")),
        (Pep440, "==1.*, ==1.2", Some("1.2")),
        (Pep440, "==2.5.1, ==2.5.1+cu121", Some("2.5.1+cu121")),
        (Pep440, ">=1.2, <=1.2", Some("1.2")),
        (Pep440, "==1.26.*", None),
        (Pep440, ">=1", None),
        (Pep440, "===1.0", Some("1.0")),
        (Conda, "2.5.1=*cuda*", Some("2.5.1")),
        (Debian, "==1.0-1", Some("1.0-1")),
        (Npm, "==1.2.3", Some("1.2.3")),
        (Npm, "==1.2", None),
        (R, "==1.2-3", Some("1.2-3")),
    ] {
        assert_eq!(set(scheme, text).single().as_deref(), single, "{scheme:?} {text}");
    }
}

#[test]
fn a_range_begins_at_the_pre_release_that_it_names() {
    for text in [">=0.0.0-A", "^0.0.0-A"] {
        assert_eq!(set(Scheme::Npm, text).contains("0.0.0-1"), Ok(false), "{text}");
    }
}

#[test]
fn ends_are_told() {
    let some = set(Scheme::Pep440, ">=2, <3 | >5, <=6");
    assert_eq!((some.lower(), some.upper()), (Some(("2", true)), Some(("6", true))));
    assert_eq!(set(Scheme::Pep440, ">2").lower(), Some(("2", false)));
    assert_eq!(set(Scheme::Pep440, "<2").lower(), None);
    assert_eq!(set(Scheme::Npm, "<2.0.0").upper(), Some(("2.0.0", false)));
}

#[test]
fn operators_that_a_scheme_lacks_are_refused_with_the_way_out() {
    use Scheme::{Conda, Debian, Julia, Npm, Pep440, R};
    for (scheme, text, message, help) in [
        (Conda, "===1", "conda has no operator `===`", "write `==1`"),
        (Pep440, "=1.2", "PEP 440 has no operator `=`", "write `==1.2`, or `==1.2.*` for all that begin so"),
        (Pep440, "^1.2.3", "PEP 440 has no operator `^`", "write `>=1.2.3, <2`"),
        (Pep440, "~1.2.3", "PEP 440 has no operator `~`", "write `~=1.2.3`"),
        (Conda, "~1.2", "conda has no operator `~`", "write `>=1.2, <1.3`"),
        (Npm, "~=1.2.3", "npm has no operator `~=`", "write `>=1.2.3, <1.3`"),
        (Npm, "!=1.2.3", "npm has no operator `!=`", "write `<1.2.3 | >1.2.3`"),
        (Debian, "!=1.2", "Debian has no operator `!=`", "write `<1.2 | >1.2`"),
        (Julia, ">1.2", "Julia has no operator `>`", "write `>=1.2.1`"),
        (R, "^1", "R has no operator `^`", "write `>=1, <2`"),
        (Pep440, ">=1.2.*", "`>=1.2.*` compares with a pattern", "write `>=1.2`"),
        (Pep440, "==1.2*", "`1.2*` has a `*` that is not a last part of its own", "write `1.2.*`"),
        (Pep440, "==1.*.2", "`1.*.2` has a `*` that is not a last part of its own", "write `1.*`"),
        (Pep440, ">=1.0+cu", "`>=1.0+cu` compares with a local version", "write `>=1.0`, or `==1.0+cu`"),
        (Pep440, "~=1", "`~=1` has a single number, so nothing says what may change", "write `~=1.0`"),
        (Pep440, "==1.0=py", "`1.0=py` has a build string, which PEP 440 does not know", "write `1.0`"),
        (Pep440, "==1..2", "`1..2` is not a version of PEP 440", "write it like `1.2.3`"),
    ] {
        let problem = scheme.set(&constraint(text)).expect_err(text);
        assert_eq!((problem.message.as_str(), problem.help.as_deref()), (message, Some(help)), "{scheme:?} {text}");
    }
}

#[test]
fn names_are_compared_as_the_index_compares_them() {
    for (scheme, name, normal) in [
        (Scheme::Pep440, "Foo_bar.x", "foo-bar-x"),
        (Scheme::Conda, "conda-forge::Numpy", "numpy"),
        (Scheme::Debian, "gcc-12:amd64", "gcc-12"),
        (Scheme::Rpm, "glibc.x86_64", "glibc"),
        (Scheme::Rpm, "python3.11", "python3.11"),
        (Scheme::Npm, "@jupyterlab/git", "@jupyterlab/git"),
        (Scheme::Julia, "IJulia.jl", "IJulia"),
        (Scheme::R, "R.utils", "R.utils"),
    ] {
        assert_eq!(scheme.normalize_name(name), normal);
    }
    assert!(Scheme::ALL.into_iter().all(|scheme| Scheme::find(scheme.name()) == Some(scheme)));
}

#[test]
fn builds_belong_to_their_versions() {
    let cuda = set(Scheme::Conda, ">=2=*cuda*");
    assert_eq!(cuda.contains("2.5"), Ok(true));
    assert_eq!(cuda.contains_build("2.5", "py3_cuda12"), Ok(true));
    assert_eq!(cuda.contains_build("2.5", "cpu"), Ok(false));
    assert!(cuda.complement().complement().is_same(&cuda));
    assert!(!set(Scheme::Conda, "2.*").is_subset(&cuda) && set(Scheme::Conda, "2.1=x_cuda_y").is_subset(&cuda));
    assert!(Scheme::Pep440.compare("1.0", "x").is_err());
    assert_eq!(Scheme::Julia.compare("1.0.0", "1.0.0-rc1"), Ok(Ordering::Greater));
}

/// Versions close enough to each other to meet often.
fn versions(scheme: Scheme) -> &'static [&'static str] {
    match scheme {
        Scheme::Pep440 => &["0", "1.0.dev1", "1.0a1", "1.0", "1.0.post1", "1.1", "1.1.1", "2", "1!0"],
        Scheme::Conda => &["0.9", "1.0dev", "1.0a1", "1.0", "1.0post1", "1.1", "1.1.1", "2", "1!0"],
        Scheme::Debian | Scheme::Rpm => &["0", "1.0~rc1", "1.0", "1.0-1", "1.1", "1.1.1", "2", "1:0"],
        Scheme::Npm => &["0.0.0", "1.0.0-0", "1.0.0-a", "1.0.0", "1.0.1", "1.1.1", "2.0.0"],
        Scheme::Julia => &["0.0.0", "0.2.3", "1", "1.0.1", "1.1", "2"],
        Scheme::R => &["0", "0.9", "1", "1.0", "1.0.0", "1.1", "2"],
    }
}

/// A constraint of up to two alternatives of up to two bounds, with the operators that all schemes have.
fn constraints(scheme: Scheme) -> impl Strategy<Value = VersionSet> {
    let ops = prop::sample::select(vec![Op::Equal, Op::GreaterEqual, Op::Less, Op::Bare]);
    let bound = (ops, prop::sample::select(versions(scheme)), prop::option::of(prop::sample::select(vec!["*a*", "b*", "ab"])));
    let bound = bound.prop_map(move |(op, version, build)| Bound {
        op,
        version: version.to_owned(),
        build: build.filter(|_| scheme == Scheme::Conda).map(str::to_owned),
    });
    let alternatives = prop::collection::vec(prop::collection::vec(bound, 1..3), 1..3);
    alternatives.prop_map(move |alternatives| scheme.set(&Constraint { alternatives }).expect("a set"))
}

fn pairs() -> impl Strategy<Value = (VersionSet, VersionSet, VersionSet)> {
    prop::sample::select(Scheme::ALL.to_vec()).prop_flat_map(|scheme| (constraints(scheme), constraints(scheme), constraints(scheme)))
}

proptest! {
    #[test]
    fn the_algebra_of_sets_holds((a, b, c) in pairs()) {
        prop_assert!(a.intersect(&b).is_same(&b.intersect(&a)));
        prop_assert!(a.union(&b).is_same(&b.union(&a)));
        prop_assert!(a.intersect(&b.intersect(&c)).is_same(&a.intersect(&b).intersect(&c)));
        prop_assert!(a.intersect(&b).is_subset(&a) && a.is_subset(&a.union(&b)));
        prop_assert!(a.intersect(&a.complement()).is_empty() && a.union(&a.complement()).is_any());
        prop_assert!(a.complement().complement().is_same(&a));
        prop_assert!(a.union(&b).complement().is_same(&a.complement().intersect(&b.complement())));
        prop_assert_eq!(a.intersect(&b).is_empty(), a.is_disjoint(&b));
        prop_assert_eq!(a.is_subset(&b), a.intersect(&b.complement()).is_empty());
    }

    #[test]
    fn a_version_is_in_both_where_it_is_in_each((a, b, _c) in pairs()) {
        let unbuilt = |set: &VersionSet| set.built.is_empty();
        for version in versions(a.scheme()).iter().filter(|_| unbuilt(&a) && unbuilt(&b)) {
            let (left, right) = (a.contains(version), b.contains(version));
            // A version of RPM's without a release is many.
            if a.scheme() != Scheme::Rpm || version.contains('-') {
                prop_assert_eq!(a.intersect(&b).contains(version), left.clone().and_then(|left| right.clone().map(|right| left && right)));
                prop_assert_eq!(a.complement().contains(version), left.clone().map(|left| !left));
            }
            prop_assert_eq!(a.union(&b).contains(version), left.and_then(|left| right.map(|right| left || right)));
        }
    }

    #[test]
    fn any_text_is_answered(text in "[0-9a-z.+!~:_*-]{0,12}", other in "[0-9a-z.+!~:_*-]{0,12}") {
        for scheme in Scheme::ALL {
            let _ = scheme.compare(&text, &other);
            for op in [Op::Equal, Op::Compatible, Op::Greater, Op::Less, Op::Caret, Op::Tilde, Op::Fuzzy, Op::Arbitrary] {
                if let Ok(set) = scheme.set(&Constraint::of(op, text.clone())) {
                    let _ = (set.to_string(), set.single(), set.contains(&other), set.is_any());
                }
            }
        }
        let _ = (super::loose::compare(&text, &other), super::loose::parts(&text));
    }
}
