//! Julia packages: `Pkg.add` in an expression that does nothing else.

use super::list::{Item, List, Read, entry};
use crate::import::docker::command::Command;

/// How the script of the compiler's own `julia` lists begins.
const OURS: &str = "import Pkg; versions(text) = ";
/// Calls that say nothing of what is installed: `Pkg.add` precompiles, and the compiler does.
const QUIET: [&str; 6] = ["using Pkg", "import Pkg", "Pkg.precompile()", "Pkg.gc()", "Pkg.status()", "Pkg.Registry.add(\"General\")"];

pub(super) fn read(command: &Command) -> Read {
    let mut words = command.words.iter().skip(1).map(|word| word.text.as_str());
    let mut items = Vec::new();
    while let Some(word) = words.next() {
        let script = match word {
            "--startup-file=no" | "--history-file=no" | "--color=no" | "--color=yes" | "-q" | "--quiet" => continue,
            "-e" | "--eval" => words.next().unwrap_or_default(),
            _ => match word.strip_prefix("--eval=") {
                Some(script) => script,
                None => return Read::Other,
            },
        };
        if script.starts_with(OURS) {
            return list(words.map(ours).collect());
        }
        match script.split([';', '\n']).map(str::trim).filter(|call| !call.is_empty()).try_for_each(|call| read_call(call, &mut items)) {
            Some(()) => {}
            None => return Read::Other,
        }
    }
    list(items)
}

fn list(items: Vec<String>) -> Read {
    let items: Vec<Item> = items.into_iter().map(|text| Item { text, ..Item::default() }).collect();
    if items.is_empty() { Read::Other } else { Read::Lists(vec![List { manager: "julia", items, ..List::default() }], Vec::new()) }
}

/// `DataFrames@=1.6.1`, as the compiler's script takes it.
fn ours(word: &str) -> String {
    let (name, bounds) = word.split_once('@').unwrap_or((word, ""));
    entry(name, &bounds.strip_prefix('=').map_or_else(|| bounds.to_owned(), |version| format!("=={version}")))
}

/// One call; `None` where it is none of those that are known.
fn read_call(call: &str, items: &mut Vec<String>) -> Option<()> {
    if QUIET.contains(&call) {
        return Some(());
    }
    if let Some(built) = call.strip_prefix("Pkg.build(").and_then(|rest| rest.strip_suffix(')')) {
        // What is added is built already.
        return items.contains(&entry(text(built)?, "")).then_some(());
    }
    let inner = call.strip_prefix("Pkg.add(")?.strip_suffix(')')?.trim();
    match inner.strip_prefix('[').map(|rest| rest.strip_suffix(']')) {
        Some(all) => {
            for one in all?.split(',').map(str::trim).filter(|one| !one.is_empty()) {
                items.push(entry(text(one)?, ""));
            }
        }
        None if inner.starts_with('"') => items.push(entry(text(inner)?, "")),
        None => {
            let spec = ["PackageSpec(", "Pkg.PackageSpec("].iter().find_map(|head| inner.strip_prefix(head));
            items.push(fields(spec.map_or(Some(inner), |rest| rest.strip_suffix(')'))?)?);
        }
    }
    Some(())
}

/// `name="DIVAnd", version="2.7.9"`: a version of fewer numbers is a range of Julia's, which stays as it is.
fn fields(text_of: &str) -> Option<String> {
    let (mut name, mut version) = (None, String::new());
    for field in text_of.split(',') {
        let (key, value) = field.split_once('=')?;
        match key.trim() {
            "name" => name = Some(text(value.trim())?),
            "version" => {
                let value = value.trim().trim_start_matches('v');
                let number = value.strip_prefix('"')?.strip_suffix('"')?.trim_start_matches('v');
                let whole = number.split('.').count() == 3 && number.chars().all(|c| c.is_ascii_digit() || c == '.');
                version = Some(format!("=={number}")).filter(|_| whole)?;
            }
            _ => return None,
        }
    }
    Some(entry(name?, &version))
}

/// The name of a package in quotes.
fn text(quoted: &str) -> Option<&str> {
    let name = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::docker::command;

    fn items(text: &str) -> Option<Vec<String>> {
        match read(&command::read(text, &|_| None)?) {
            Read::Lists(lists, _) => Some(lists.into_iter().flat_map(|list| list.items).map(|item| item.text).collect()),
            _ => None,
        }
    }

    #[test]
    fn calls_that_add_packages_are_a_list() {
        let cases = [
            (r#"julia -e 'using Pkg; Pkg.add("HDF5")'"#, "HDF5"),
            (
                r#"julia --startup-file=no -e "import Pkg; Pkg.add([\"IJulia\", \"PyCall\"]); Pkg.build(\"PyCall\"); Pkg.precompile();""#,
                "IJulia PyCall",
            ),
            (r#"julia --eval 'using Pkg; Pkg.add(name="DIVAnd", version="2.7.9")'"#, "DIVAnd ==2.7.9"),
            (r#"julia -e 'using Pkg; Pkg.add(PackageSpec(name="CSV", version=v"0.10.1"))' -e 'Pkg.add("X")'"#, "CSV ==0.10.1 X"),
        ];
        for (text, wanted) in cases {
            assert_eq!(items(text).map(|all| all.join(" ")).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_does_more_stays_as_it_is() {
        for text in [
            r#"julia -e 'using Pkg; Pkg.add(url="https://example.org/X.jl")'"#,
            r#"julia -e 'using Pkg; Pkg.add("IJulia"); using IJulia; installkernel("Julia")'"#,
            r#"julia -e 'using Pkg; Pkg.add(name="A", version="1.2")'"#,
            r#"julia -e 'using Pkg; Pkg.build("PyCall")'"#,
            "julia -e 'using Pkg; Pkg.instantiate()'",
            "julia setup.jl",
        ] {
            assert_eq!(items(text), None, "{text}");
        }
    }
}
