//! `install.R`, where it only installs packages.

use std::ops::Range;

/// How calls begin that install packages.
const INSTALLS: [&str; 5] = ["install.packages(", "remotes::install_", "devtools::install_", "BiocManager::install(", "pak::p"];

/// The calls of a script that only installs packages.
pub(super) fn calls(text: &str) -> Option<Vec<Range<usize>>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let bare = rest.trim_start_matches([' ', '\t', '\n', '\r', ';']);
        let start = at + (rest.len() - bare.len());
        if bare.is_empty() {
            break;
        }
        if bare.starts_with('#') {
            at = start + bare.find('\n').unwrap_or(bare.len());
            continue;
        }
        if !INSTALLS.iter().any(|call| bare.starts_with(call)) {
            return None;
        }
        let end = start + closing(bare)?;
        all.push(start..end);
        at = end;
    }
    Some(all).filter(|all| !all.is_empty())
}

/// Where the bracket that a call opens is closed.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut comment) = (0_usize, None, false);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('\n', _) => comment = false,
            (c, Some(open)) if !comment && c == open => quote = None,
            _ if comment || quote.is_some() => {}
            ('"' | '\'', None) => quote = Some(c),
            ('#', None) => comment = true,
            ('(', None) => depth += 1,
            (')', None) => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_only_install_are_lists() {
        let text =
            "# maps\ninstall.packages(\"sf\")  # why\ninstall.packages(c(\n  'terra', # )\n  \"stars\"\n), repos = \"https://x\");\n";
        let found: Vec<&str> = calls(text).unwrap().into_iter().map(|range| &text[range]).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found.first(), Some(&"install.packages(\"sf\")"));
        assert!(found[1].ends_with("\"https://x\")"));
        assert_eq!(calls("remotes::install_github('o/x'); BiocManager::install('y')").unwrap().len(), 2);
        for other in ["library(sf)", "install.packages('a'", "", "# only", "x <- install.packages('a')"] {
            assert_eq!(calls(other), None, "{other}");
        }
    }
}
