//! The examples in the pages of findings.

use jenvc::diagnostics::Code;
use jenvc::driver::Policy;
use jenvc::ir::{Date, Repository};

use crate::blocks::{Block, blocks};

/// Findings that the command line makes, since they are about the disk: their examples are checked by the binary.
pub(crate) const OF_THE_DISK: &[&str] = &["J0460", "J0610", "J0901", "J0902", "J0903", "J0904", "J0905"];

/// Whether a code is one of `jenvc import`: its example is a folder `from`, which is imported to `program`.
pub(crate) fn is_of_import(code: &Code) -> bool {
    code.id.starts_with("J10")
}

/// How examples and cases are compiled: on one day, for ever.
pub(crate) fn policy() -> Policy {
    Policy { today: Some(Date { year: 2026, month: 11, day: 26 }), repository: Some(Repository::default()), ..Policy::default() }
}

/// The files of the example under a heading: a block without a path is `main.jenv`. A block marked `times=N` stands N times
/// in its file; where its path holds `{n}`, there are N files, each with its number in path and text.
pub(crate) fn example(code: &Code, heading: &str) -> Vec<(String, Vec<u8>)> {
    let all = blocks(code.page);
    let files = all
        .iter()
        .filter(|block| block.heading == heading && matches!(block.language(), "jenv" | "text" | "toml" | "dockerfile" | "yaml"))
        .flat_map(|block| {
            let path = block.info.iter().skip(1).find(|word| *word != "bytes" && !word.starts_with("times="));
            let path = path.cloned().unwrap_or_else(|| "main.jenv".to_owned());
            let times = block.info.iter().find_map(|word| word.strip_prefix("times=")).map_or(1, |times| times.parse().unwrap());
            if path.contains("{n}") {
                let numbered = |text: &str, n: usize| text.replace("{n}", &n.to_string());
                return (0..times).map(|n| (numbered(&path, n), numbered(&block.text, n).into_bytes())).collect();
            }
            vec![(path, bytes(block).repeat(times))]
        });
    files.collect()
}

/// The bytes of a block; in one marked `bytes`, `\xNN` is a byte.
fn bytes(block: &Block) -> Vec<u8> {
    if !block.info.iter().any(|word| word == "bytes") {
        return block.text.clone().into_bytes();
    }
    let mut parts = block.text.split("\\x");
    let mut bytes = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}
