//! The bytes of a requirement file → text, as pip decodes it: by a mark at the beginning, by `# -*- coding: … -*-` in the first two
//! lines, else UTF-8, which is what images speak.

/// Decodes a file.
///
/// # Errors
/// Says which encoding is not read, or that the bytes are not in it.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    match declared(bytes).as_deref() {
        None | Some("utf-8" | "utf8" | "utf-8-sig" | "ascii" | "us-ascii") => utf8(bytes),
        Some("latin-1" | "latin1" | "iso-8859-1" | "iso8859-1") => Ok(bytes.iter().copied().map(char::from).collect()),
        Some(other) => Err(format!("it says that its encoding is `{other}`")),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| format!("it is not UTF-8 from byte {} on", error.valid_up_to() + 1))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = String::from_utf16(&pairs.iter().map(|pair| unit(*pair)).collect::<Vec<_>>());
    text.ok().filter(|_| rest.is_empty()).ok_or_else(|| "it is not UTF-16, as its first bytes say".to_owned())
}

/// What stands behind `coding:` or `coding=` in a comment of the first two lines.
fn declared(bytes: &[u8]) -> Option<String> {
    let comments = bytes.split(|byte| *byte == b'\n').take(2).filter(|line| line.first() == Some(&b'#'));
    comments.filter_map(|line| std::str::from_utf8(line).ok()).find_map(|line| {
        let (_, rest) = line.split_once("coding")?;
        let rest = rest.strip_prefix([':', '='])?.trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty()).map(|name| name.to_ascii_lowercase().replace('_', "-"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(decode(b"\xef\xbb\xbfa").as_deref(), Ok("a"));
        assert_eq!(decode(b"\xff\xfea\0b\0").as_deref(), Ok("ab"));
        assert_eq!(decode(b"\xfe\xff\0a").as_deref(), Ok("a"));
        assert_eq!(decode(b"# -*- coding: latin-1 -*-\n# \xe9").as_deref(), Ok("# -*- coding: latin-1 -*-\n# é"));
        assert!(decode(b"# \xe9").is_err() && decode(b"# coding=koi8-r\n").is_err() && decode(b"\xff\xfea").is_err());
    }
}
