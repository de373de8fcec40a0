//! What could not be locked: why, and what holds of it above.

use super::*;

fn today() -> Request {
    Request { today: "2026-11-26".to_owned(), ..Request::default() }
}

#[test]
fn what_could_not_be_locked_below_holds_above_as_it_is_stated() {
    // There is no wheel of numpy 1.
    let engine = Like(|question| {
        let roots = question.roots.iter().map(|root| (&root.name, &root.spec));
        let mut asked = roots.chain(question.constraints.iter().map(|(name, spec)| (name, spec)));
        let is_old = asked.any(|(name, spec)| name == "numpy" && spec.contains("<2"));
        let is_left_out = question.without.iter().any(|name| name == "numpy");
        if is_old && !is_left_out { Answer::SourceOnly(vec!["numpy".to_owned()], "no wheel".to_owned()) } else { index().solve(question) }
    });
    let layers = ["base python: numpy <2; dask", "a base: numba"];
    let locked = lock(&program(&layers, &Locks::default()), &engine, &today());
    assert_eq!((version(&locked.locks, "a", "numba"), version(&locked.locks, "a", "numpy")), (Some("0.61"), None));
    assert!(locked.undecided && locked.locks.0["a"][0].unknown.contains_key("numpy"), "{:?}", locked.locks);
    // A second run changes nothing, and a bound that moves below makes what is above stale.
    let again = lock(&program(&layers, &locked.locks), &engine, &today());
    assert_eq!(again.locks, locked.locks);
    let moved = ["base python: numpy <1.26; dask", "a base: numba"];
    let images: Vec<_> = stale(&program(&moved, &locked.locks)).into_iter().map(|one| one.image).collect();
    assert_eq!(images, ["base", "a"]);
}

#[test]
fn a_package_that_no_index_has_is_named() {
    // What there is not is said in the words of uv.
    let engine = Like(|question| match index().solve(question) {
        Answer::Nothing(_) if !question.roots.is_empty() => {
            let words = "error: No solution found\n  cause: Because numpi was not found in the package registry and you require it";
            Answer::Nothing(words.to_owned())
        }
        answer => answer,
    });
    for (entry, message) in
        [("numpi", "J0461 the index has no package `numpi`"), ("jinja3", "J0461 the index has no package `numpi`, which `jinja3` requires")]
    {
        let layers = [&*format!("base python: {entry}"), "other python: pandas"];
        let locked = lock(&program(&layers, &Locks::default()), &engine, &today());
        assert_eq!(findings(&locked), [message]);
        assert!(locked.findings.iter().all(|finding| !finding.help.iter().any(|help| help.contains("no other version"))));
        // The one beside it is locked, and the one that is not has no lock that could be stale.
        let messages: Vec<_> = stale(&program(&layers, &locked.locks)).iter().map(|one| one.image.clone()).collect();
        assert_eq!((version(&locked.locks, "other", "pandas"), messages.as_slice()), (Some("3.1"), &["base".to_owned()][..]));
    }
}
