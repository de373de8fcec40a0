//! What is below the images that are asked for, what brings a package, and which versions menus name.

use std::collections::BTreeSet;

use jenvc::check::locked::told;

use super::*;

fn asked(image: &str) -> Request {
    Request { images: vec![image.to_owned()], ..Request::default() }
}

#[test]
fn an_image_is_locked_with_what_it_is_built_on() {
    let layers = ["base python: pandas", "a base: xarray", "b base: llvmlite"];
    let one = run(&layers, &Locks::default(), asked("a")).locks;
    assert_eq!(one.0.keys().collect::<Vec<_>>(), ["a", "base"]);
    assert_eq!((version(&one, "a", "xarray"), version(&one, "a", "pandas")), (Some("2025.9"), None));
    assert_eq!(stale(&program(&layers, &one)).into_iter().map(|one| one.image).collect::<Vec<_>>(), ["b"]);
    let whole = run(&layers, &one, Request::default()).locks;
    // One below that is up to date stays, and so does everything beside.
    let upgraded = run(&layers, &whole, Request { upgrade: true, ..asked("a") });
    assert_eq!((upgraded.locks, upgraded.questions), (whole, 1));
}

#[test]
fn what_is_locked_below_and_may_not_move_is_named() {
    let old = first(&["base python: pandas"]).locks;
    let message = "`a` needs `pandas<3`, and `base` is locked with pandas 3.1";
    let help = |layers: &[&str]| {
        let locked = run(layers, &old, asked("a"));
        assert_eq!(findings(&locked), [format!("J0461 {message}")]);
        locked.findings.iter().flat_map(|finding| finding.help.clone()).collect::<Vec<_>>()
    };
    let works = "`base` has to be locked again (numpy 2.4 → 1.26.4, pandas 3.1 → 2.1.4)";
    assert_eq!(
        help(&["base python: pandas", "a base: pandas <3"]),
        [format!("run `jenvc lock` without the name of an image: {works}; tried, with all that is built on it")]
    );
    assert_eq!(
        help(&["base python: pandas", "a base: pandas <3", "b base: pandas >=3"]),
        [format!("{works}, and something else that is built on it can't be resolved then: `jenvc lock` says what")]
    );
}

#[test]
fn what_brings_it_is_named_where_layers_can_not_share_one_below() {
    let locked = first(&["base python: numpy", "a base: numba ==0.59.1", "b base: numpy >=2"]);
    let [finding] = locked.findings.iter().collect::<Vec<_>>()[..] else { panic!("{:?}", findings(&locked)) };
    assert_eq!(finding.message, "the layers on `base` can't share one `numpy`");
    let labels: Vec<_> = finding.labels.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(labels, ["`a` needs `numpy>=1.22,<1.27`, which `numba 0.59.1` requires", "`b` needs `numpy>=2`"]);
}

#[test]
fn pairs_that_can_not_share_one_below_are_one_finding() {
    let layers = ["base python: numpy", "a base: numpy <2", "b base: numpy <2", "c base: numpy >=2", "d base: numpy >=2"];
    let locked = first(&layers);
    assert_eq!(findings(&locked), ["J0461 the layers on `base` can't share one `numpy`"]);
    let cells: BTreeSet<_> = locked.findings.iter().flat_map(|finding| &finding.cells).map(|cell| cell.environment.as_str()).collect();
    assert_eq!(cells, BTreeSet::from(["a", "b", "c", "d"]));
}

#[test]
fn what_several_lines_want_is_named_where_no_two_exclude_each_other() {
    // There are two releases, and the sets of both lines share versions that are none.
    let locked = first(&["base python: numpy !=2.4", "a base: pandas ==3.1"]);
    let [finding] = locked.findings.iter().collect::<Vec<_>>()[..] else { panic!("{:?}", findings(&locked)) };
    assert_eq!(finding.message, "`a` can't be resolved: no version of `numpy` suits `numpy !=2.4`, `pandas ==3.1`");
    let labels: Vec<_> = finding.labels.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(labels, ["`pandas 3.1` requires `numpy>=2`", "asks for `numpy !=2.4`"]);
}

#[test]
fn what_extras_of_a_package_below_bring_has_its_entry() {
    let pin = |version: &str, requires: &[&str]| Pin {
        version: version.to_owned(),
        requires: requires.iter().map(|text| (*text).to_owned()).collect(),
        ..Pin::default()
    };
    let layers = ["base python: numpy", "a base: numpy[fast]"];
    let mut locks = first(&["base python: numpy", "a base: llvmlite"]).locks;
    locks.0.get_mut("a").unwrap()[0].pins = BTreeMap::from([("h2".to_owned(), pin("4", &["hpack"])), ("hpack".to_owned(), pin("4", &[]))]);
    let program = program(&layers, &locks);
    let cell = program.cells().find(|(_, cell)| program[cell.image].name == "a").expect("is there").0;
    let names = told(&program, cell, "hpack", Lockable::Pypi).brought.expect("is known").1;
    assert_eq!(names, ["numpy", "h2", "hpack"]);
}

#[test]
fn a_package_that_nothing_has_can_not_be_upgraded() {
    let text = format!("{HEAD}environment a {{\n  from python\n  pip {{ Xarray }}\n}}\n");
    let place = Workplace::with([("main.jenv".to_owned(), text.into_bytes())]);
    let lock = |name: &str| place.run(&["lock", "--upgrade-package", name, "--uv", "no/uv"]);
    assert_eq!(
        (lock("xaray").status, lock("xaray").error.as_str()),
        (64, "error: no lock has a package `xaray`; did you mean `xarray`?\n")
    );
    assert!(lock("xArray").error.contains("`no/uv` can't be run"), "{}", lock("xArray").error);
}

#[test]
fn a_version_that_a_menu_names_does_not_have_to_be_known_before() {
    let menu = "profile { title = \"{{ packages.pandas }} on {{ packages.numpy }}\"  memory = 1G }";
    let text = format!(
        "{HEAD}environment lab {{\n  from python\n  pip {{ pandas }}\n  {menu}\n}}\nhub one {{ chart = 4.4  namespace = \"jhub\" }}\n\
         output configmap {{ path = \"deploy.yaml\"  hub = one  name = \"profiles\" }}\n"
    );
    let place = Workplace::with([("main.jenv".to_owned(), text.into_bytes())]);
    let check = place.run(&["check", "--format", "concise"]);
    assert_eq!(check.status, 1);
    assert!(check.out.contains("J0305"), "{}", check.out);
    // It goes on to the engine.
    let lock = place.run(&["lock", "--uv", "no/uv"]);
    assert_eq!(lock.status, 64);
    assert!(lock.error.contains("`no/uv` can't be run"), "{}", lock.error);
}
