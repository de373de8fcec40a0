//! YAML with the place of every value, read as the chart's hub gets it: Helm's library resolves plain scalars by the rules of YAML
//! 1.1 (go-yaml 2), so `3.10` is the number 3.1, `010` is 8 and `yes` is true.

mod comments;
mod node;
mod scalar;

pub use comments::Comment;
pub use node::{Field, Node, Value, decimal};

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};

use crate::base::{FileId, Place, Span};

/// How many values a document may have once its aliases are filled in.
const MOST: usize = 200_000;

/// A document and the comments of its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Documents {
    /// The documents, in order; empty ones are left out.
    pub all: Vec<Node>,
    /// The comments.
    pub comments: Vec<Comment>,
}

/// Reads a file of YAML. `locate` turns bytes of the text into a span of the file.
///
/// # Errors
/// Says what is wrong, and at which byte of the text.
pub fn read(file: FileId, text: &str, locate: &dyn Fn(Range<usize>) -> Span) -> Result<Documents, (usize, String)> {
    let mut composer =
        Composer { file, text, locate, anchors: HashMap::new(), left: MOST, scalars: Vec::new(), parser: Parser::new_from_str(text) };
    let mut all = Vec::new();
    while let Some((event, range)) = composer.next()? {
        match event {
            Event::DocumentStart(..) => composer.anchors.clear(),
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            event => {
                let node = composer.node(event, range)?;
                if node.value != Value::Null {
                    all.push(node);
                }
            }
        }
    }
    let comments = comments::comments(text, &composer.scalars);
    Ok(Documents { all, comments })
}

/// An event and its bytes.
type Step<'t> = (Event<'t>, Range<usize>);

/// Events into nodes.
struct Composer<'t> {
    file: FileId,
    text: &'t str,
    locate: &'t dyn Fn(Range<usize>) -> Span,
    anchors: HashMap<usize, Node>,
    /// How many more values there may be.
    left: usize,
    /// Where scalars are, in which a `#` begins no comment.
    scalars: Vec<Range<usize>>,
    parser: Parser<'t, granit_parser::StrInput<'t>>,
}

impl<'t> Composer<'t> {
    fn next(&mut self) -> Result<Option<Step<'t>>, (usize, String)> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let end = self.text.len();
                Ok(Some((event, span.byte_range().map_or(end..end, |range| range.start.min(end)..range.end.min(end)))))
            }
            Some(Err(error)) => Err((error.marker().byte_offset().unwrap_or(self.text.len()), error.info().clone())),
        }
    }

    /// The value that begins with an event.
    fn node(&mut self, event: Event<'t>, range: Range<usize>) -> Result<Node, (usize, String)> {
        self.count(1, range.start)?;
        let place = |composer: &Self, range: Range<usize>| Place::new(composer.file, (composer.locate)(range));
        let (value, anchor, raw) = match event {
            Event::Alias(id) => {
                let known = self.anchors.get(&id).cloned().ok_or_else(|| (range.start, "an alias inside of what it names".to_owned()))?;
                self.count(size(&known), range.start)?;
                return Ok(known);
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalars.push(range.clone());
                let text_by_tag = tag.as_ref().is_some_and(|tag| tag.is_custom() || tag.is_yaml_core_schema_tag("str"));
                let value =
                    if style == ScalarStyle::Plain && !text_by_tag { scalar::plain(&text) } else { Value::Text(text.clone().into_owned()) };
                let raw = (!matches!(value, Value::Text(_))).then(|| text.into_owned());
                (value, anchor, raw)
            }
            Event::SequenceStart(_, anchor, _) => (self.list()?, anchor, None),
            Event::MappingStart(_, anchor, _) => (self.map()?, anchor, None),
            _ => return Err((range.start, "a value is missing".to_owned())),
        };
        let node = Node { place: place(self, range), value, raw };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn count(&mut self, more: usize, at: usize) -> Result<(), (usize, String)> {
        self.left = self.left.checked_sub(more).ok_or_else(|| (at, format!("more than {MOST} values, aliases filled in")))?;
        Ok(())
    }

    fn list(&mut self) -> Result<Value, (usize, String)> {
        let mut items = Vec::new();
        while let Some((event, range)) = self.next()? {
            if event == Event::SequenceEnd {
                break;
            }
            items.push(self.node(event, range)?);
        }
        Ok(Value::List(items))
    }

    fn map(&mut self) -> Result<Value, (usize, String)> {
        let mut fields: Vec<Field> = Vec::new();
        let mut merged: Vec<Field> = Vec::new();
        while let Some((event, range)) = self.next()? {
            if event == Event::MappingEnd {
                break;
            }
            let at = range.start;
            let key = self.node(event, range)?;
            let (event, range) = self.next()?.ok_or_else(|| (at, "a key without a value".to_owned()))?;
            let value = self.node(event, range)?;
            let Some(text) = key.shown().or_else(|| (key.value == Value::Null).then(|| "null".to_owned())) else {
                return Err((at, format!("a key that is {}", key.kind())));
            };
            if text == "<<" && key.raw.is_none() {
                merge(&mut merged, &value);
                continue;
            }
            let before = fields.iter().position(|field| field.key == text).map(|index| fields.remove(index).place);
            let raw = key.raw.filter(|raw| *raw != text);
            fields.push(Field { key: text, raw, place: key.place, before, value });
        }
        merged.retain(|field| !fields.iter().any(|own| own.key == field.key));
        merged.extend(fields);
        Ok(Value::Map(merged))
    }
}

/// `<<`: the fields of a map, or of several, of which earlier ones win.
fn merge(merged: &mut Vec<Field>, value: &Node) {
    let maps = if let Value::List(items) = &value.value { items.as_slice() } else { std::slice::from_ref(value) };
    for field in maps.iter().flat_map(Node::fields) {
        if !merged.iter().any(|known| known.key == field.key) {
            merged.push(field.clone());
        }
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(fields) => 1 + fields.iter().map(|field| 1 + size(&field.value)).sum::<usize>(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        match &node.value {
            Value::Null => "~".to_owned(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
            Value::Map(fields) => {
                format!("{{{}}}", fields.iter().map(|field| format!("{}:{}", field.key, show(&field.value))).collect::<Vec<_>>().join(" "))
            }
            _ => node.shown().unwrap_or_default(),
        }
    }

    fn documents(text: &str) -> Result<Documents, (usize, String)> {
        read(FileId::default(), text, &|range| Span::new(range.start, range.end))
    }

    fn all(text: &str) -> String {
        documents(text).map_or_else(
            |(at, problem)| format!("error at {at}: {problem}"),
            |read| read.all.iter().map(show).collect::<Vec<_>>().join(" | "),
        )
    }

    #[test]
    fn scalars_are_those_of_helm() {
        let text = "[3.10, 010, 1_000, 0x1F, yes, y, ~, , \"yes\", 12:30, 2026-01-15, 1e3, 1.0, -2, .5, 4G, 1.2.3, -x, 089, !!str 3.10]";
        let wanted = "[3.1 8 1000 31 true true ~ ~ \"yes\" \"12:30\" \"2026-01-15\" 1000 1 -2 0.5 \"4G\" \"1.2.3\" \"-x\" 89 \"3.10\"]";
        assert_eq!(all(&text.replace(", ,", ", ~,")), wanted);
    }

    #[test]
    fn aliases_merges_and_equal_keys() {
        assert_eq!(all("a: &x {m: 1, k: 2}\nb:\n  <<: *x\n  k: 3\nc: *x\n"), "{a:{m:1 k:2} b:{m:1 k:3} c:{m:1 k:2}}");
        assert_eq!(all("a: 1\nb: 2\na: 3\n"), "{b:2 a:3}");
        assert_eq!(all("a: 1\n---\n---\n- b\n"), "{a:1} | [\"b\"]");
        let bomb = (1..9).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, at| {
            let before = at - 1;
            let item = format!("*a{before}");
            text + &format!("a{at}: &a{at} [{}]\n", vec![item; 9].join(", "))
        });
        assert!(all(&bomb).contains("more than"), "{}", all(&bomb).len());
        for broken in ["a: [", "a: b: c", "a: *x", "\"", "a:\n\t- b", "? [a]\n: b", "{a: 1"] {
            assert!(all(broken).starts_with("error"), "{broken}: {}", all(broken));
        }
    }

    #[test]
    fn comments_are_outside_of_texts() {
        let text = "# one\na: b # two\nc: \"x # y\"\nd: |\n  # text\n  z\ne: u#v\n  # three\n";
        let read = documents(text).expect(text);
        let words: Vec<_> = read.comments.iter().map(|comment| comment.words.as_str()).collect();
        assert_eq!(words, ["one", "two", "three"]);
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "a:\n  3.10: [x]\n";
        let read = documents(text).expect(text);
        let field = &read.all[0].get("a").expect("a").fields()[0];
        assert_eq!((field.key.as_str(), field.raw.as_deref()), ("3.1", Some("3.10")));
        assert_eq!(text.get(field.place.span.range()), Some("3.10"));
    }
}
