//! The line by which the compiler knows what it has written.

/// Every artifact of a kind with comments has this in its first lines, before the file that it was made from.
pub const MARK: &str = "Written by jenvc from ";
/// How many lines are looked at.
const LINES: usize = 5;

/// The file that the mark in the first lines names; `None` where there is no mark.
#[must_use]
pub fn mark(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines().take(LINES).map(|line| line.trim_start_matches(|c: char| !c.is_alphanumeric()));
    let rest = lines.find_map(|line| line.strip_prefix(MARK))?;
    let end = rest.find(".jenv").map_or(0, |at| at + ".jenv".len());
    Some(rest.get(..end).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_found_in_every_kind_of_file() {
        let heads = [
            "# Written by jenvc from layers/a.jenv:43. Change that file.",
            "#!/bin/sh\n# Written by jenvc from layers/a.jenv.\n",
            "{\n  \"//\": \"Written by jenvc from layers/a.jenv, do not edit\",",
            "<!-- Written by jenvc from layers/a.jenv -->",
        ];
        for head in heads {
            assert_eq!(mark(head.as_bytes()).as_deref(), Some("layers/a.jenv"), "{head}");
        }
        assert_eq!(mark(b"# A note: files Written by jenvc from x are fine\n"), None);
        assert_eq!(mark(b"1\n2\n3\n4\n5\n# Written by jenvc from x"), None);
        assert_eq!(mark(b"\xff\xfe"), None);
    }
}
