//! The keys of options and choices as the page gets them.
//!
//! Helm carries values through maps that forget their order, and what reaches the hub is sorted. Where the sorted order is
//! not the written one, keys get a number before them.

use std::cmp::Ordering;

/// How many keys can have a number of three digits.
const MOST_NUMBERED: usize = 999;

/// The keys that keep the written order however they are sorted: as they are, or with a two-digit number before each
/// (three digits from a hundred keys on). Nobody reads a thousand lines in order: from there on, they stay as they are.
#[must_use]
pub fn ordered_keys(keys: &[&str]) -> Vec<String> {
    let in_order = |pair: &[&str]| matches!(pair, [left, right] if helm_order(left, right) == Ordering::Less && left < right);
    // A script engine puts keys that look like whole numbers before all others.
    let number = |key: &&str| key.bytes().all(|byte| byte.is_ascii_digit());
    if keys.len() > MOST_NUMBERED || (keys.windows(2).all(in_order) && !keys.iter().any(number)) {
        return keys.iter().map(|key| (*key).to_owned()).collect();
    }
    let width = if keys.len() < 100 { 2 } else { 3 };
    keys.iter().enumerate().map(|(at, key)| format!("{:0width$}-{key}", at + 1)).collect()
}

/// Whether a key is another one with a number before it that `ordered_keys` may write, among so many keys: a saved choice would
/// be taken for either.
#[must_use]
pub fn is_numbered(key: &str, other: &str, count: usize) -> bool {
    let rest = without_number(key);
    let digits = key.len() - rest.len();
    let number = key.get(..digits.saturating_sub(1)).and_then(|digits| digits.parse::<usize>().ok());
    rest == other && number.is_some_and(|number| (1..=count.min(MOST_NUMBERED)).contains(&number))
}

/// A key of an artifact without the number that may stand before it.
#[must_use]
pub fn without_number(key: &str) -> &str {
    let digits = key.bytes().take_while(u8::is_ascii_digit).count();
    let rest = key.get(digits..).and_then(|rest| rest.strip_prefix('-'));
    rest.filter(|rest| matches!(digits, 2 | 3) && !rest.is_empty()).unwrap_or(key)
}

/// How the YAML library that Helm writes with sorts the keys of a map: letters after everything else, runs of digits by
/// their value (`keyList.Less` of go-yaml 2).
#[must_use]
pub fn helm_order(left: &str, right: &str) -> Ordering {
    // Letters that differ begin at the same byte: what is before is the same.
    let Some((at, (a, b))) = left.char_indices().zip(right.chars()).map(|((at, a), b)| (at, (a, b))).find(|(_, (a, b))| a != b) else {
        return left.len().cmp(&right.len());
    };
    match (a.is_alphabetic(), b.is_alphabetic()) {
        (true, true) => return a.cmp(&b),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (before, left) = left.split_at(at);
    let right = right.get(at..).unwrap_or_default();
    let run = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut before = before.bytes().rev().take_while(u8::is_ascii_digit);
    let lead = (a == '0' || b == '0') && before.any(|digit| digit != b'0');
    let value = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).map(|digit| u64::from(digit - b'0'));
        digits.fold(u64::from(lead), |sum, digit| sum.saturating_mul(10).saturating_add(digit))
    };
    value(left).cmp(&value(right)).then(run(left).cmp(&run(right))).then(a.cmp(&b))
}

/// A title as `KubeSpawner` makes a slug of it (python-slugify with its defaults), for the letters of Western Europe;
/// others are dropped. Empty where nothing is left.
#[must_use]
pub fn slugify(title: &str) -> String {
    let mut slug = String::new();
    let mut letters = title.chars().peekable();
    while let Some(letter) = letters.next() {
        let between_digits =
            letter == ',' && slug.ends_with(|c: char| c.is_ascii_digit()) && letters.peek().is_some_and(char::is_ascii_digit);
        if between_digits {
            continue;
        }
        let plain = if letter.is_ascii() { letter.to_string() } else { transliterate(letter).to_owned() };
        let mut any = false;
        for c in plain.chars().filter(char::is_ascii_alphanumeric) {
            slug.push(c.to_ascii_lowercase());
            any = true;
        }
        if !any && !letter.is_alphanumeric() && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A letter of Latin-1 or its neighbours without its marks.
fn transliterate(letter: char) -> &'static str {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "a",
        'æ' | 'Æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' | 'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "c",
        'ď' | 'đ' | 'ð' | 'Ď' | 'Đ' | 'Ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "g",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "i",
        'ĺ' | 'ļ' | 'ľ' | 'ł' | 'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "o",
        'œ' | 'Œ' => "oe",
        'ŕ' | 'ř' | 'Ŕ' | 'Ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'Ś' | 'Ŝ' | 'Ş' | 'Š' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'Ţ' | 'Ť' => "t",
        'þ' | 'Þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ź' | 'ż' | 'ž' | 'Ź' | 'Ż' | 'Ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_written_are_known() {
        let all = [("01-o", "o", 2), ("02-o", "o", 2), ("03-o", "o", 2), ("00-o", "o", 2), ("16-gb", "32-gb", 20), ("2026-a", "a", 9999)];
        assert_eq!(all.map(|(key, other, count)| is_numbered(key, other, count)), [true, true, false, false, false, false]);
    }

    #[test]
    fn keys_keep_the_written_order() {
        assert_eq!(ordered_keys(&["large", "small"]), ["large", "small"]);
        assert_eq!(ordered_keys(&["small", "large"]), ["01-small", "02-large"]);
        assert_eq!(ordered_keys(&["py3-9", "py3-10"]), ["01-py3-9", "02-py3-10"]);
        assert_eq!(ordered_keys(&["1", "2"]), ["01-1", "02-2"]);
        assert_eq!(ordered_keys(&[]), [""; 0]);
        let many: Vec<String> = (0..120).map(|at| format!("k{}", 200 - at)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let keys = ordered_keys(&many);
        assert_eq!(keys.first().map(String::as_str), Some("001-k200"));
        assert!(keys.is_sorted());
        let more: Vec<String> = (0..1000).map(|at| format!("c{at}")).collect();
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        assert_eq!(ordered_keys(&more), more);
        assert_eq!(
            [without_number("01-a"), without_number("100-a"), without_number("2-a"), without_number("2026-a"), without_number("01-")],
            ["a", "a", "2-a", "2026-a", "01-"]
        );
    }

    #[test]
    fn the_order_is_helms() {
        let sorted = ["3.9", "3.10", "010", "B1", "a9", "a10", "large", "small"];
        for pair in sorted.windows(2) {
            assert_eq!(helm_order(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(helm_order(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
    }

    #[test]
    fn slugs_are_kubespawners() {
        for (title, slug) in [
            ("Data science (CPU)", "data-science-cpu"),
            ("R & Julia", "r-julia"),
            ("***", ""),
            ("Rucio 39.2.0", "rucio-39-2-0"),
            ("1,000 cores, fast", "1000-cores-fast"),
            ("Übung für Straße", "ubung-fur-strasse"),
            ("It's a trap_x", "it-s-a-trap-x"),
            ("a — b·c", "a-b-c"),
        ] {
            assert_eq!(slugify(title), slug, "{title}");
        }
    }
}
