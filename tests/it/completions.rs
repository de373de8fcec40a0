//! Completions and manual pages: every subcommand and its flags are in them.

use std::collections::BTreeSet;

use crate::support::Workplace;

/// The subcommands that `--help` lists.
pub(crate) fn subcommands() -> BTreeSet<String> {
    let help = Workplace::new().run(&["--help"]).out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_shell_completes_every_subcommand() {
    let place = Workplace::new();
    let names = subcommands();
    assert!(names.contains("build") && names.contains("completions"), "{names:?}");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let ran = place.run(&["completions", shell]);
        assert!(ran.status == 0 && ran.error.is_empty(), "{shell}: {}", ran.error);
        // Values of flags are not completed in PowerShell.
        let values: &[&str] = if shell == "powershell" { &[] } else { &["mermaid", "datascience"] };
        for word in names.iter().map(String::as_str).chain(["since"]).chain(values.iter().copied()) {
            assert!(ran.out.contains(word), "{shell} does not know `{word}`");
        }
    }
    assert_eq!(place.run(&["completions", "csh"]).status, 64);
}

#[test]
fn there_is_a_manual_page_for_every_subcommand() {
    let place = Workplace::new();
    let main = place.run(&["man"]);
    assert!(main.status == 0 && main.out.contains(".TH jenvc 1") && main.out.contains("Exit status"), "{}", main.out);
    let ran = place.run(&["man", "share/man1"]);
    assert_eq!(ran.out.lines().count(), subcommands().len() + 1, "{}", ran.out);
    for name in subcommands() {
        let page = place.read(&format!("share/man1/jenvc-{name}.1"));
        assert!(page.contains(&format!("jenvc {name}")) || page.contains(&format!("jenvc\\-{name}")), "{page}");
    }
    // Pages are written again by the next version: what stands there may be replaced.
    assert_eq!(place.run(&["man", "share/man1"]).status, 0);
}

#[test]
fn help_names_what_a_command_is_for() {
    let place = Workplace::new();
    for name in subcommands() {
        let short = place.run(&[&name, "--help"]);
        assert!(short.status == 0 && short.error.is_empty(), "{name}: {}", short.error);
        assert!(short.out.lines().all(|line| line.chars().count() <= 100), "{name} is too wide:\n{}", short.out);
        assert!(short.out.contains(&format!("Usage: jenvc {name}")), "{}", short.out);
    }
}
