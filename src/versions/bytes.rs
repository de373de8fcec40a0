//! Byte strings that sort as versions do.

/// The most digits that a number in a version may have.
pub(super) const MAX_DIGITS: usize = 200;

/// Appends a number of decimal digits so that longer numbers sort above shorter ones; leading zeros do not count.
/// Digits over [`MAX_DIGITS`] are cut, which the schemes' checks forbid beforehand.
pub(super) fn push_number(key: &mut Vec<u8>, digits: &str) {
    let digits = digits.trim_start_matches('0');
    let digits = digits.get(..digits.len().min(MAX_DIGITS)).unwrap_or(digits);
    key.push(u8::try_from(digits.len()).unwrap_or(u8::MAX));
    key.extend_from_slice(digits.as_bytes());
}

/// Splits off the longest beginning whose bytes all satisfy `wanted`.
pub(super) fn take_while(text: &str, wanted: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !wanted(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether `text` has a run of more than [`MAX_DIGITS`] digits.
pub(super) fn has_long_number(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > MAX_DIGITS)
}
