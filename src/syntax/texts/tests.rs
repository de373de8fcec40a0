//! Texts, with what is wrong in them.

use super::*;

fn literal(token: &str) -> String {
    let reading = read(token, 0);
    assert_eq!(reading.flaws, [], "{token}");
    reading.text.literal().map(str::to_owned).expect("no interpolation")
}

fn flaws(token: &str) -> Vec<(Flaw, usize, usize)> {
    read(token, 0).flaws.iter().map(|flaw| (flaw.node, flaw.span.start as usize, flaw.span.end as usize)).collect()
}

#[test]
fn the_four_kinds() {
    assert_eq!(literal(r#""a\n\t\"\\""#), "a\n\t\"\\");
    assert_eq!(literal(r"'a\n{{ x }}'"), r"a\n{{ x }}");
    assert_eq!(literal("\"\"\"\n    a\n      b\n\n    c\n  \"\"\""), "a\n  b\n\nc");
    assert_eq!(literal("'''\r\n  {{ x }}\\n\r\n  b'''"), "{{ x }}\\n\nb");
    assert_eq!(literal("\"\"\"one\n  two\n  three\"\"\""), "one\ntwo\nthree");
    assert_eq!(literal("\"\""), "");
    assert_eq!(literal("\"\"\"\"\"\""), "");
    assert_eq!(literal("\"\"\"\n\"\"\""), "");
}

#[test]
fn interpolations_have_their_own_place() {
    let reading = read(r#""a {{ x | replace(".", "}}") }}b""#, 10);
    assert_eq!(reading.flaws, []);
    let expression = Spanned::new(r#"x | replace(".", "}}")"#.to_owned(), Span::new(16, 38));
    let wanted = [TextPart::Literal("a ".into()), TextPart::Interpolation(expression), TextPart::Literal("b".into())];
    assert_eq!(reading.text.parts, wanted);
    let reading = read("\"\"\"\n  é {{ y }}\n  \"\"\"", 0);
    let wanted = [TextPart::Literal("é ".into()), TextPart::Interpolation(Spanned::new("y".into(), Span::new(12, 13)))];
    assert_eq!(reading.text.parts, wanted);
}

#[test]
fn copied_characters_stand_where_they_are_said_to() {
    let tokens =
        [r#""pip {{ x }} \"a\" b{c}""#, "'a{{b'", "\"\"\"\n    a {{ x }}b\n      c\n\n    d\n  \"\"\"", "'''\r\n  {{ x }}\r\n  é\r\n  '''"];
    for token in tokens {
        let reading = read(token, 10);
        let mut seen = 0;
        for run in copied(token, 10) {
            let TextPart::Literal(part) = &reading.text.parts[run.part] else { panic!("{token}: an interpolation is no copy") };
            let here = &token[run.span.start as usize - 10..run.span.end as usize - 10];
            assert_eq!(&part[run.at..run.at + here.len()], here, "{token}");
            seen += here.len();
        }
        assert!(seen > 3, "{token}");
    }
}

#[test]
fn flaws_are_placed() {
    assert_eq!(flaws("\"abc"), [(Flaw::Unclosed, 0, 4)]);
    assert_eq!(flaws("\"a {{ b\""), [(Flaw::UnclosedInterpolation, 3, 8)]);
    assert_eq!(flaws(r#""^quay\.io""#), [(Flaw::Escape('.'), 6, 8)]);
    assert_eq!(flaws(r#""${{ x }}""#), [(Flaw::Dollar, 1, 4)]);
    assert_eq!(flaws("\"a \\\n b\""), [(Flaw::Join, 3, 4)]);
    assert_eq!(flaws("'"), [(Flaw::Unclosed, 0, 1)]);
    assert_eq!(flaws("\"\"\"\""), [(Flaw::Unclosed, 0, 4)]);
    assert_eq!(flaws("\"{{ }}\""), [(Flaw::EmptyInterpolation, 1, 6)]);
}
