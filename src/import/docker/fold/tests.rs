//! What is decided of scripts, and what is not.

use super::folded;
use crate::import::docker::links::links;

fn known(name: &str) -> Option<String> {
    let value = match name {
        "A" => "a",
        "B" => "b",
        "E" => "",
        "N" => "10",
        "W" => "x y",
        _ => return None,
    };
    Some(value.to_owned())
}

/// The script with one blank where there are several; `-` where nothing is decided.
fn of(script: &str) -> String {
    folded(script, &known, true).map_or_else(|| "-".to_owned(), |folded| folded.text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn the_branch_that_is_taken_stays() {
    for (script, wanted) in [
        ("if [ $A = a ]; then x; fi && y", "{ x; } && y"),
        ("if [ $A = b ]; then x; fi && y", "y"),
        ("y && if [ $A = b ]; then x; fi", "y"),
        ("if [ $A = b ]; then x; fi", "true"),
        ("z; if [ $A = b ]; then x; fi; y", "z; y"),
        ("z && if [ $A = b ]; then x; fi; y", "-"),
        ("if [ $A = b ]; then x; else z; fi && y", "{ z; } && y"),
        ("if [ $A = a ]; then x; else z; fi && y", "{ x; } && y"),
        ("if [ $A = b ]; then x; elif u; then v; else w; fi", "if u; then v; else w; fi"),
        ("if u; then v; elif [ $A = a ]; then x; fi", "-"),
        ("if u; then if [ $A = a ]; then x; fi; else w; fi", "if u; then { x; }; else w; fi"),
        ("if [ $A = a ]; then if [ $B = a ]; then x; fi; fi", "{ true ; }"),
        ("if [ $A = a ] && [[ $B == b* ]] && ! [ -n \"$E\" ]; then x; fi", "{ x; }"),
        ("if [ $A = a ] && f; then x; fi", "-"),
        ("if [ $A = b ] && f; then x; fi", "true"),
        ("[ -z \"$E\" ] && x || y", "x || y"),
        ("[ -n \"$E\" ] && x || y && z", "y && z"),
        ("[ -z \"$E\" ] || x && y", "y"),
        ("[ -n \"$E\" ] && x", "-"),
        ("x && [ -z \"$E\" ] && y", "x && y"),
        ("[ -z \"$E\" ] && cat | x", "cat | x"),
        ("case $A in b) x;; a|c) y; z;; *) v;; esac && w", "{ y; z; } && w"),
        ("case $A in b) x;; *) y ;; esac", "{ y ; }"),
        ("case $A in b) x;; esac && w", "w"),
        ("case $A in [b]) x;; *) y;; esac", "-"),
        ("for x in 1; do if [ $A = a ]; then y; fi done", "-"),
        ("if [ $A = a ]; then x; fi >f", "-"),
    ] {
        assert_eq!(of(script), wanted, "{script}");
        if let Some(folded) = folded(script, &known, true) {
            assert_eq!(folded.text.len(), script.len());
            assert!(links(&folded.text).is_some(), "{}", folded.text);
        }
    }
}

#[test]
fn variables_of_the_script_count() {
    for (script, wanted) in [
        ("A=b && if [ $A = a ]; then x; fi && y", "A=b && y"),
        ("A=${B}1; if [ $A = b1 ]; then x; fi", "A=${B}1; { x; }"),
        ("A=$(f); if [ $A = a ]; then x; fi", "-"),
        ("f && A=b; if [ $A = a ]; then x; fi", "-"),
        ("f || A=b && if [ $A = a ]; then x; fi", "-"),
        ("f && C=1 || g && if [ $C = 1 ]; then x; fi", "-"),
        ("read A; if [ $A = a ]; then x; fi", "-"),
        ("A+=b; if [ $A = a ]; then x; fi", "-"),
        (". f; if [ $A = a ]; then x; fi", "-"),
        ("A=b | f; if [ $A = a ]; then x; fi", "-"),
        (
            "if f; then A=b; fi; if [ $A = a ]; then x; fi; if [ $B = b ]; then y; fi",
            "if f; then A=b; fi; if [ $A = a ]; then x; fi; { y; }",
        ),
        ("if [ $A = a ]; then C=1; fi && if [ \"$C\" = 1 ]; then x; fi", "{ C=1; } && { x; }"),
        ("for A in b; do f; done; if [ $A = a ]; then x; fi", "-"),
        ("export C=1 && [ $C = 1 ] && x", "export C=1 && x"),
        ("f; if [ $? = 0 ]; then if [ $A = b ]; then x; fi; fi", "-"),
        ("if [ $UNKNOWN = a ]; then x; fi", "-"),
        ("if [ \"${UNKNOWN:-a}\" = a ]; then x; fi", "-"),
        ("if [ \"${E:-a}\" = a ]; then x; fi", "{ x; }"),
    ] {
        assert_eq!(of(script), wanted, "{script}");
    }
    let by = folded("C=$A; if [ $B = b ] && [ $C = a ]; then x; fi; [ $E ] && y", &known, true).unwrap().by;
    assert_eq!(by.into_iter().collect::<Vec<_>>(), ["A", "B", "C"]);
}
