//! Where a menu is in a file: values of the chart at any depth, a `ConfigMap` that holds values, a `HelmRelease`, or a list alone.

use super::model::Comment;
use crate::base::{FileId, Place, Span};
use crate::import::yaml::{self, Documents, Field, Node, Value};
use crate::ir::{Chart, Memory};

/// How deep values are searched for a chart's.
const DEPTH: usize = 6;

/// A menu and what is known of the hub that it is for.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The list, or the map of `KubeSpawner` 7.1.
    pub(super) list: Node,
    /// Where its key is; the list itself where it has none.
    pub(super) place: Place,
    /// A list that never has its way, since this one is read after it.
    pub(super) beaten: Option<Place>,
    /// The values of the chart that it is in.
    pub(super) values: Option<Node>,
    /// The namespace of the object that holds it.
    pub(super) namespace: Option<String>,
    /// The version of the chart.
    pub(super) chart: Option<Chart>,
    /// The name of the object that holds it: `jhub-profiles`.
    pub(super) object: Option<String>,
    /// The comments of the file.
    pub(super) comments: Vec<Comment>,
}

impl Site {
    /// What the values around it guarantee of memory, in bytes.
    pub(super) fn guarantee(&self) -> Option<u64> {
        let node = self.values.as_ref()?.dig("singleuser.memory.guarantee")?;
        match &node.value {
            Value::Int(number) => u64::try_from(*number).ok(),
            Value::Text(text) => Memory::parse(text).ok().map(|memory| memory.0),
            _ => None,
        }
    }

    /// Whether the values hold a piece of configuration that speaks of groups.
    pub(super) fn filters(&self) -> bool {
        mentions(self.configured(), "allowed_groups")
    }

    /// Whether the page is that of fancy-profiles: its keys are there, or its configuration.
    pub(super) fn is_fancy(&self) -> bool {
        let configured = self.configured();
        ["fancy_profiles", "fancy-profiles"].iter().any(|word| mentions(configured, word)) || has_key(&self.list, "dynamic_image_building")
    }

    /// The pieces of configuration of the hub.
    fn configured(&self) -> Option<&Node> {
        self.values.as_ref()?.dig("hub.extraConfig")
    }
}

fn mentions(node: Option<&Node>, word: &str) -> bool {
    node.is_some_and(|node| match &node.value {
        Value::Text(text) => text.contains(word),
        Value::Map(fields) => fields.iter().any(|field| field.key.contains(word) || mentions(Some(&field.value), word)),
        Value::List(items) => items.iter().any(|item| mentions(Some(item), word)),
        _ => false,
    })
}

fn has_key(node: &Node, key: &str) -> bool {
    match &node.value {
        Value::Map(fields) => fields.iter().any(|field| field.key == key || has_key(&field.value, key)),
        Value::List(items) => items.iter().any(|item| has_key(item, key)),
        _ => false,
    }
}

/// The menus of a file.
///
/// # Errors
/// Where it is no YAML: what is wrong, and where.
pub(super) fn sites(file: FileId, text: &str) -> Result<Vec<Site>, (Place, String)> {
    let read =
        yaml::read(file, text, &|range| Span::new(range.start, range.end)).map_err(|(at, problem)| (at_line(file, text, at), problem))?;
    let comments = placed(&read, |range| Place::new(file, Span::new(range.start, range.end)));
    let mut all = Vec::new();
    for document in &read.all {
        if let Value::List(items) = &document.value
            && items.iter().any(|item| item.get("display_name").is_some() || item.get("kubespawner_override").is_some())
        {
            all.push(site(document.clone(), document.place, &comments));
            continue;
        }
        let namespace =
            || ["spec.targetNamespace", "metadata.namespace"].iter().find_map(|path| document.dig(path)?.text().map(str::to_owned));
        let object = document.dig("metadata.name").and_then(Node::text).map(str::to_owned);
        let chart = document
            .dig("spec.chart.spec.version")
            .and_then(Node::shown)
            .and_then(|text| Chart::parse(text.trim_start_matches(['^', '~', '='])));
        let mut found = Vec::new();
        if document.get("kind").and_then(Node::text) == Some("ConfigMap") {
            let texts = document.get("data").map_or(&[][..], Node::fields);
            for field in texts {
                found.extend(inner(file, text, field)?);
            }
        } else {
            search(document, DEPTH, &comments, &mut found);
        }
        for mut one in found {
            one.namespace = namespace();
            one.object.clone_from(&object);
            one.chart = chart.or(one.chart);
            all.push(one);
        }
    }
    Ok(all)
}

fn site(list: Node, place: Place, comments: &[Comment]) -> Site {
    Site { list, place, beaten: None, values: None, namespace: None, chart: None, object: None, comments: comments.to_vec() }
}

/// Comments with the places that their bytes have in the file.
fn placed(read: &Documents, locate: impl Fn(std::ops::Range<usize>) -> Place) -> Vec<Comment> {
    let one =
        |comment: &yaml::Comment| Comment { place: locate(comment.range.clone()), words: comment.words.clone(), alone: comment.alone };
    read.comments.iter().map(one).collect()
}

/// The menu of values, and of values within them.
fn search(node: &Node, depth: usize, comments: &[Comment], all: &mut Vec<Site>) {
    let listed = node.get("singleuser").and_then(|singleuser| singleuser.field("profileList")).or_else(|| node.field("profileList"));
    let configured = ["hub.config.KubeSpawner", "config.KubeSpawner"].iter().find_map(|path| node.dig(path)?.field("profile_list"));
    let is_menu = |field: &&Field| matches!(field.value.value, Value::List(_) | Value::Map(_));
    let (listed, configured) = (listed.filter(is_menu), configured.filter(is_menu));
    if let Some(field) = configured.or(listed) {
        let beaten = configured.and(listed).map(|listed| listed.place);
        all.push(Site { beaten, values: Some(node.clone()), ..site(field.value.clone(), field.place, comments) });
        return;
    }
    if depth > 0 {
        node.fields().iter().for_each(|field| search(&field.value, depth - 1, comments, all));
    }
}

/// The menus of a text of a `ConfigMap`.
fn inner(file: FileId, outer: &str, field: &Field) -> Result<Vec<Site>, (Place, String)> {
    let Some(text) = field.value.text().filter(|text| ["profileList", "profile_list"].iter().any(|word| text.contains(word))) else {
        return Ok(Vec::new());
    };
    let lines = Lines::new(outer, field, text);
    let locate = |range: std::ops::Range<usize>| lines.span(text, range);
    let read = yaml::read(file, text, &locate).map_err(|(at, problem)| (Place::new(file, lines.span(text, at..at)), problem))?;
    let comments = placed(&read, |range| Place::new(file, lines.span(text, range)));
    let mut all = Vec::new();
    read.all.iter().for_each(|document| search(document, DEPTH, &comments, &mut all));
    Ok(all)
}

/// The lines of a text within a file: a block begins in the line behind its `|`.
struct Lines<'t> {
    outer: &'t str,
    /// Where the first line of the text begins in the file.
    start: usize,
    block: bool,
}

impl<'t> Lines<'t> {
    fn new(outer: &'t str, field: &Field, text: &str) -> Self {
        let written = field.value.place.span.range();
        let key = field.place.span.range().end;
        let between = outer.get(key..written.end).unwrap_or_default();
        let block = between.trim_start_matches([':', ' ']).starts_with('|');
        // The first line of the text, in whichever way the parser gives the beginning of a block.
        let first = text.lines().next().unwrap_or_default();
        let line_end = outer.get(key..).and_then(|rest| rest.find('\n')).map_or(outer.len(), |at| key + at + 1);
        let start = outer.get(line_end..).and_then(|rest| rest.find(first)).map_or(line_end, |at| line_end + at);
        Self { outer, start: if block { start } else { key }, block }
    }

    /// The line of the file that some bytes of the text are in; for other texts than blocks, that of its key.
    fn span(&self, text: &str, range: std::ops::Range<usize>) -> Span {
        if !self.block {
            return Span::new(self.start, self.start);
        }
        let number = text.get(..range.start).unwrap_or(text).matches('\n').count();
        let mut at = self.start;
        for _ in 0..number {
            at = self.outer.get(at..).and_then(|rest| rest.find('\n')).map_or(self.outer.len(), |found| at + found + 1);
        }
        let line = self.outer.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
        let begins = at + (line.len() - line.trim_start().len());
        // The first line begins behind its indentation already.
        Span::new(begins.min(at + line.len()), at + line.trim_end().len())
    }
}

/// The rest of a line from a byte on.
fn at_line(file: FileId, text: &str, at: usize) -> Place {
    let at = text.floor_char_boundary(at.min(text.len()));
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |found| at + found);
    Place::new(file, Span::new(at, end.max(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, Option<usize>, Option<String>)> {
        let line = |place: Place| text.get(..place.span.range().start).unwrap_or_default().matches('\n').count() + 1;
        let all = sites(FileId::default(), text).expect(text);
        all.into_iter().map(|site| (line(site.place), site.beaten.map(line), site.namespace)).collect()
    }

    #[test]
    fn menus_are_found_wherever_they_are() {
        assert_eq!(found("- display_name: a\n"), [(1, None, None)]);
        assert_eq!(found("singleuser:\n  profileList:\n    - display_name: a\n"), [(2, None, None)]);
        assert_eq!(found("basehub:\n  jupyterhub:\n    singleuser:\n      profileList: []\n"), [(4, None, None)]);
        let both = "hub:\n  config:\n    KubeSpawner:\n      profile_list: []\nsingleuser:\n  profileList: []\n";
        assert_eq!(found(both), [(4, Some(6), None)]);
        let release = "kind: HelmRelease\nmetadata:\n  namespace: jhub\nspec:\n  values:\n    singleuser:\n      profileList: []\n";
        assert_eq!(found(release), [(7, None, Some("jhub".to_owned()))]);
        let map = "kind: ConfigMap\nmetadata: { name: x, namespace: hubs }\ndata:\n  values.yaml: |\n    # hi\n    singleuser:\n      profileList:\n        - slug: a\n";
        assert_eq!(found(map), [(7, None, Some("hubs".to_owned()))]);
        assert!(found("a: 1\n").is_empty());
    }
}
