//! The examples in the pages of findings.

use jenvc::diagnostics::Code;

use crate::blocks::{Block, blocks};

/// Findings that the command line makes, since they are about the disk: their examples are checked by the binary.
pub(crate) const OF_THE_DISK: &[&str] = &["J0901", "J0902", "J0903", "J0904", "J0905"];

/// The files of the example under a heading: a block without a path is `main.jenv`.
pub(crate) fn example(code: &Code, heading: &str) -> Vec<(String, Vec<u8>)> {
    let all = blocks(code.page);
    let files = all.iter().filter(|block| block.heading == heading && matches!(block.language(), "jenv" | "text")).map(|block| {
        let path = block.info.iter().skip(1).find(|word| *word != "bytes");
        (path.cloned().unwrap_or_else(|| "main.jenv".to_owned()), bytes(block))
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
