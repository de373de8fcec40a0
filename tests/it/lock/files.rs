//! Files of the lock that a hand or a merge has changed: what is not what `jenvc lock` writes is reported, once, and never taken for clean.

use jenvc::check::locked::Why;

use super::*;

const LAYERS: [&str; 2] = ["base python: pandas <3", "a base: xarray"];

fn why(locks: &Locks) -> Vec<(String, Why)> {
    stale(&program(&LAYERS, locks)).into_iter().map(|one| (one.image, one.why)).collect()
}

/// The lock with one section of `base` changed.
fn changed(change: impl Fn(&mut BTreeMap<String, Pin>)) -> Locks {
    let mut locks = first(&LAYERS).locks;
    change(&mut locks.0.get_mut("base").expect("is there")[0].pins);
    locks
}

#[test]
fn a_section_without_what_its_packages_require_is_stale() {
    let whole = first(&LAYERS).locks;
    assert_eq!(why(&whole), []);
    let edited = || vec![("base".to_owned(), Why::Edited)];
    let without = changed(|pins| drop(pins.remove("numpy")));
    assert_eq!(why(&without), edited());
    let other = changed(|pins| pins.get_mut("numpy").unwrap().file = "numpy-2.4-py3-none-any.whl".to_owned());
    assert_eq!(why(&other), edited());
    let own = changed(|pins| pins.get_mut("numpy").unwrap().file = "numpy-1.26.4-py3-none-any.whl".to_owned());
    assert_eq!(why(&own), []);
    // What the layer does not allow, although nothing that requires it minds.
    let beyond = changed(|pins| {
        pins.get_mut("pandas").unwrap().version = "3.1".to_owned();
        pins.get_mut("pandas").unwrap().requires.clear();
    });
    assert_eq!(why(&beyond), [("base".to_owned(), Why::Edited), ("a".to_owned(), Why::Parent)]);
    for locks in [without, beyond] {
        assert_eq!(run(&LAYERS, &locks, Request::default()).locks, whole);
    }
}

/// A program with its lock on the disk, as `jenvc lock` leaves it.
fn place(locks: &Locks) -> Workplace {
    let layers = "layer base {\n  from python\n  pip { pandas <3 }\n}\nenvironment a {\n  from base\n  pip { xarray }\n}\n";
    let files = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections).into_bytes()));
    Workplace::with(files.chain([("main.jenv".to_owned(), format!("{HEAD}{layers}").into_bytes())]))
}

#[test]
fn a_file_that_was_cut_off_is_never_clean() {
    let locks = first(&LAYERS).locks;
    let place = place(&locks);
    assert_eq!(place.run(&["check"]).status, 0);
    let whole = write_sections(&locks.0["base"]);
    let ends = whole.lines().scan(0, |end, line| {
        let start = *end;
        *end += line.len() + 1;
        Some([start, start + line.len() / 2])
    });
    for end in ends.flatten() {
        place.write("locks/base.toml", &whole[..end]);
        let check = place.run(&["check", "--format", "concise"]);
        assert!([1, 4].contains(&check.status), "{end}: {}\n{}", &whole[..end], check.out);
    }
}

#[test]
fn a_file_that_is_no_lock_is_one_finding() {
    let locks = first(&LAYERS).locks;
    let place = place(&locks);
    let whole = write_sections(&locks.0["base"]);
    let twice = format!("{whole}{}", whole.split_once("version = 1\n").expect("is there").1);
    for (text, line) in [
        (whole.replace("version = 1\n", "version = 2\n"), 1),
        (whole.replace("platform =", "platfrom ="), 4),
        (whole.replace("platform =", "more = 1\nplatform ="), 4),
        (whole.replace("cut-off = 2026-11-26", "cut-off = soon"), 4),
        (whole.replace("sha256 = \"numpy", "sha265 = \"numpy"), 13),
        (whole.replace("[section.pypi]", "[section.cran]"), 12),
        (whole.replace("[[section]]", "<<<<<<< ours\n[[section]]"), 4),
        (twice, 16),
    ] {
        place.write("locks/base.toml", &text);
        let check = place.run(&["check", "--format", "concise"]);
        assert_eq!((check.status, check.out.matches("J0").count()), (1, 1), "{text}\n{}", check.out);
        assert!(check.out.contains("J0111") && check.out.contains("`locks/base.toml`"), "{}", check.out);
        assert!(check.out.contains(&format!("line {line} ")), "{line}: {}", check.out);
    }
}
