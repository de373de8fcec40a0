//! A module of the standard library is read as far as the program names what is in it: its text is cut into items, and an
//! item is read when its name stands in a text that has been read. Where a program misspells a name, the others are known.

use foldhash::HashSet;

use crate::base::Span;
use crate::syntax::ast::Keyword;

/// One item of a text, with the comments above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'s> {
    /// Where it stands.
    pub(crate) span: Span,
    /// The definition that it is; `None` for an import and a `let`.
    pub(crate) defines: Option<(Keyword, &'s str)>,
}

/// Cuts a text into its items. Right for texts in the one style of `jenvc fmt`, in which nothing but an item begins with a
/// letter at the start of a line.
pub(crate) fn cut(text: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut at, mut comments) = (0, None);
    for line in text.split_inclusive('\n') {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            pieces.push(Piece { span: Span::new(comments.unwrap_or(at), text.len()), defines: defines(line) });
        }
        comments = if line.starts_with('#') { comments.or(Some(at)) } else { None };
        at += line.len();
    }
    let ends: Vec<u32> = pieces.iter().skip(1).map(|piece| piece.span.start).collect();
    for (piece, end) in pieces.iter_mut().zip(ends) {
        piece.span.end = end;
    }
    pieces
}

/// What the first line of an item defines.
fn defines(line: &str) -> Option<(Keyword, &str)> {
    let mut words = line.split(|c: char| !is_of_name(c)).filter(|word| !word.is_empty());
    Some((Keyword::from_word(words.next()?)?, words.next()?))
}

/// Adds the words of a text that may be names.
pub(crate) fn words<'s>(text: &'s str, known: &mut HashSet<&'s str>) {
    known.extend(text.split(|c: char| !is_of_name(c)).filter(|word| !word.is_empty()));
}

/// Adds the words of a text that stand behind a dot: how a program names what a module defines.
pub(crate) fn qualified<'s>(text: &'s str, known: &mut HashSet<&'s str>) {
    let behind = text.split('.').skip(1).map(|rest| rest.split(|c: char| !is_of_name(c)).next().unwrap_or(""));
    known.extend(behind.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')));
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;
    use crate::driver::{standard, standard_names};
    use crate::syntax::ast::Item;
    use crate::syntax::{parse, parse_part};

    #[test]
    fn pieces_of_the_standard_library_are_its_items() {
        for name in standard_names() {
            let text = standard(name).unwrap();
            let whole = parse(FileId(0), text).file.items;
            let pieces = cut(text);
            let parts: Vec<Item> = pieces.iter().flat_map(|piece| parse_part(FileId(0), text, piece.span).file.items).collect();
            assert_eq!(whole, parts, "{name}");
            let defined = whole.iter().map(|item| match item {
                Item::Definition(definition) => definition.name.as_ref().map(|name| (definition.keyword.node, name.node.as_str())),
                _ => None,
            });
            assert_eq!(defined.collect::<Vec<_>>(), pieces.iter().map(|piece| piece.defines).collect::<Vec<_>>(), "{name}");
        }
    }

    #[test]
    fn what_a_program_names_stands_behind_a_dot() {
        let mut known = HashSet::default();
        qualified("from jupyter.base-notebook / x.y(3.11, \"{{ a.b_c }}\") pip { numpy <2.* }", &mut known);
        let mut known: Vec<_> = known.into_iter().collect();
        known.sort_unstable();
        assert_eq!(known, ["b_c", "base-notebook", "y"]);
    }

    #[test]
    fn comments_belong_to_what_follows() {
        let text = "# top\n\n## a\nlayer a {\n  # in\n}\n\n# b\nlet b = 1\n";
        let found: Vec<_> = cut(text).iter().map(|piece| text.get(piece.span.range()).unwrap()).collect();
        assert_eq!(found, ["## a\nlayer a {\n  # in\n}\n\n", "# b\nlet b = 1\n"]);
    }
}
