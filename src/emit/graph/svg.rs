//! The graph as SVG: laid out by `layout-rs`, drawn here, so that it fits light and dark pages and names what is under the mouse.

use std::fmt::Write as _;

use layout::core::base::Orientation;
use layout::core::color::Color;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::{Point, Position};
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

use super::{Edge, EdgeKind, Graph, Node, NodeKind};

/// Widths of a character of a name and of a cell, and the height of a line, in pixels.
const NAME: f64 = 8.4;
const CELL: f64 = 7.2;
const LINE: f64 = 18.0;
/// The space around the text of a node, and around nodes.
const PADDING: f64 = 10.0;
const HALO: f64 = 36.0;
/// How many characters of a name and of cells are put on one line, and how many lines of cells there are.
const NAME_LINE: usize = 32;
const CELL_LINE: usize = 34;
const CELL_LINES: usize = 6;

/// In columns of at most so many nodes, the order of the nodes is chosen so that few lines cross: the time grows with the cube.
const SORTED_COLUMN: usize = 150;

/// For light pages and dark ones.
const STYLE: &str = "
.jg{font:13px/1.4 ui-sans-serif,system-ui,sans-serif;--jg-ink:#1f2328;--jg-soft:#59636e;--jg-line:#8c959f;--jg-image:#fff;
--jg-base:#f3f4f6;--jg-entry:#ddebff;--jg-edge:#4a78c2;--jg-touched:#ffe9b8;--jg-mark:#a86400}
@media(prefers-color-scheme:dark){.jg{--jg-ink:#e6edf3;--jg-soft:#9198a1;--jg-line:#6e7681;--jg-image:#161b22;
--jg-base:#21262d;--jg-entry:#1a2f4d;--jg-edge:#6ea8fe;--jg-touched:#4a3510;--jg-mark:#f0b64a}}
.jg rect{fill:var(--jg-image);stroke:var(--jg-line)}
.jg .base rect{fill:var(--jg-base);stroke-dasharray:4 3}
.jg .entry rect{fill:var(--jg-entry);stroke:var(--jg-edge)}
.jg .touched rect{fill:var(--jg-touched);stroke:var(--jg-mark)}
.jg text{fill:var(--jg-ink);font-weight:600;text-anchor:middle}
.jg .cells{fill:var(--jg-soft);font:12px ui-monospace,monospace}
.jg .cells .new{fill:var(--jg-mark);font-weight:700}
.jg path{fill:none;stroke:var(--jg-line);stroke-width:1.5}
.jg .takes{stroke-dasharray:2 4}
.jg .offers{stroke:var(--jg-edge)}
.jg .head{fill:var(--jg-line);stroke:none}
";

/// A drawing that stands for itself: style, titles and text are in it.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let mut places = Places { boxes: vec![None; graph.nodes.len()], lines: Vec::new() };
    if !graph.nodes.is_empty() {
        lay_out(graph, &mut places);
    }
    places.align_columns();
    let mut body = String::new();
    for line in &places.lines {
        if let Some(edge) = graph.edges.get(line.edge) {
            draw_line(&mut body, edge, &places, line);
        }
    }
    let all = || places.boxes.iter().flatten();
    for (node, place) in graph.nodes.iter().zip(&places.boxes) {
        if let Some(place) = place {
            draw_node(&mut body, node, *place);
        }
    }
    let least = |edge: fn(&Place) -> f64| all().map(edge).fold(f64::MAX, f64::min).min(1e6) - PADDING;
    let most = |edge: fn(&Place) -> f64| all().map(edge).fold(0.0, f64::max) + PADDING;
    let (left, top) = (least(|place| place.left), least(|place| place.top));
    let (width, height) = (most(|place| place.right()) - left, most(|place| place.bottom()) - top);
    let (width, height) = (width.max(PADDING), height.max(PADDING));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"jg\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"{left:.0} {top:.0} {width:.0} {height:.0}\">\n<title>Images and what they stand on</title>\n<style>{STYLE}</style>\n\
         <defs><marker id=\"jg-head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path class=\"head\" d=\"M0 0 8 4 0 8z\"/></marker></defs>\n{body}</svg>\n"
    )
}

/// Gives every node a box and every edge the points through which it goes.
fn lay_out(graph: &Graph, places: &mut Places) {
    let look = StyleAttr::new(Color::fast("black"), 1, None, 0, 13);
    let mut visual = VisualGraph::new(Orientation::LeftToRight);
    // After each edge it would look for circles again, along all paths; a graph of images has none.
    visual.dag.set_validate(false);
    let mut handles = Vec::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        let size = size(node);
        let mut element = Element::create(ShapeKind::Box(String::new()), look.clone(), Orientation::LeftToRight, size);
        element.pos = Position::new(Point::zero(), size, Point::zero(), Point::new(2.0 * HALO, HALO / 2.0));
        element.properties = Some(at.to_string());
        handles.push(visual.add_node(element));
    }
    let mut edges: Vec<_> = graph.edges.iter().enumerate().collect();
    // For each edge the layout follows all paths from its upper node: there is none as long as the edges come from below.
    edges.sort_by_key(|(_, edge)| edge.to);
    for (at, edge) in &edges {
        if let (Some(from), Some(to)) = (handles.get(edge.from), handles.get(edge.to)) {
            visual.add_edge(Arrow { properties: Some(at.to_string()), ..Arrow::default() }, *from, *to);
        }
    }
    visual.do_it(false, widest(&edges, graph.nodes.len()) > SORTED_COLUMN, false, places);
}

/// How many nodes the fullest column has; the edges come sorted by their upper node.
fn widest(edges: &[(usize, &Edge)], nodes: usize) -> usize {
    let mut columns = vec![0_usize; nodes];
    for (_, edge) in edges {
        let next = columns.get(edge.from).map_or(0, |column| column + 1);
        if let Some(column) = columns.get_mut(edge.to) {
            *column = next.max(*column);
        }
    }
    columns.sort_unstable();
    columns.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0)
}

/// Where a node is drawn.
#[derive(Clone, Copy)]
struct Place {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Place {
    fn right(self) -> f64 {
        self.left + self.width
    }

    fn bottom(self) -> f64 {
        self.top + self.height
    }

    fn middle(self) -> f64 {
        self.top + self.height / 2.0
    }
}

/// The points between the ends of an edge, from left to right.
struct Line {
    edge: usize,
    points: Vec<(f64, f64)>,
}

/// What the layout says, by the places of nodes and edges in the graph.
struct Places {
    boxes: Vec<Option<Place>>,
    lines: Vec<Line>,
}

impl Places {
    /// Boxes of one column have their middles above each other; from here on, their left sides.
    fn align_columns(&mut self) {
        let middles: Vec<_> = self.boxes.iter().map(|place| place.map(|place| (place.left + place.width / 2.0, place.left))).collect();
        for place in self.boxes.iter_mut().flatten() {
            let middle = place.left + place.width / 2.0;
            let column = middles.iter().flatten().filter(|(other, _)| (other - middle).abs() < 1.0);
            place.left = column.map(|(_, left)| *left).fold(place.left, f64::min);
        }
    }

    /// How far the boxes around a place reach to the left and to the right.
    fn column(&self, x: f64) -> (f64, f64) {
        let column = self.boxes.iter().flatten().filter(|place| place.left <= x && x <= place.right());
        column.fold((x, x), |(left, right), place| (left.min(place.left), right.max(place.right())))
    }
}

impl RenderBackend for Places {
    fn draw_rect(&mut self, at: Point, size: Point, _: &StyleAttr, properties: Option<String>, _: Option<ClipHandle>) {
        let node = properties.and_then(|text| text.parse::<usize>().ok());
        if let Some(place) = node.and_then(|node| self.boxes.get_mut(node)) {
            *place = Some(Place { left: at.x, top: at.y, width: size.x, height: size.y });
        }
    }

    fn draw_arrow(&mut self, path: &[(Point, Point)], _: bool, head: (bool, bool), _: &StyleAttr, properties: Option<String>, _: &str) {
        let between = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
        let mut points: Vec<_> = between.iter().map(|(_, end)| (end.x, end.y)).collect();
        // An edge against the order of the others was turned round.
        if head.0 {
            points.reverse();
        }
        if let Some(edge) = properties.and_then(|text| text.parse().ok()) {
            self.lines.push(Line { edge, points });
        }
    }

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Point, _: &str, _: &StyleAttr) {}

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}

/// A curve from the right side of one box to the left side of the other. Where it passes a column of boxes, it goes straight.
fn draw_line(out: &mut String, edge: &Edge, places: &Places, line: &Line) {
    let end = |node: usize| places.boxes.get(node).copied().flatten();
    let (Some(from), Some(to)) = (end(edge.from), end(edge.to)) else { return };
    let mut at = (from.right(), from.middle());
    let mut path = format!("M{:.1} {:.1}", at.0, at.1);
    let mut curve = |path: &mut String, to: (f64, f64)| {
        let middle = f64::midpoint(at.0, to.0);
        let _ = write!(path, "C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}", at.1, to.1, to.0, to.1);
        at = to;
    };
    curve(&mut path, (places.column(from.left + from.width / 2.0).1, from.middle()));
    for (x, y) in &line.points {
        let (left, right) = places.column(*x);
        curve(&mut path, (left, *y));
        curve(&mut path, (right, *y));
    }
    curve(&mut path, (to.left, to.middle()));
    let (class, head) = match edge.kind {
        EdgeKind::StandsOn => ("stands-on", " marker-end=\"url(#jg-head)\""),
        EdgeKind::Takes => ("takes", " marker-end=\"url(#jg-head)\""),
        EdgeKind::Offers => ("offers", ""),
    };
    let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}\"{head}/>");
}

fn draw_node(out: &mut String, node: &Node, place: Place) {
    let class = if node.touched() { format!("{} touched", node.kind.word()) } else { node.kind.word().to_owned() };
    let radius = if node.kind == NodeKind::Entry { 2.0 * PADDING } else { 5.0 };
    let _ = writeln!(out, "<g class=\"{class}\"><title>{}</title>", escape(&hint(node)));
    let _ = writeln!(
        out,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius:.1}\"/>",
        place.left, place.top, place.width, place.height
    );
    let (x, mut y) = (place.left + place.width / 2.0, place.top + PADDING + LINE - 5.0);
    for line in wrapped(name(node)) {
        let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escape(&line));
        y += LINE;
    }
    for line in cell_lines(node) {
        let words = line.iter().map(|(word, touched)| {
            let word = escape(word);
            if *touched { format!("<tspan class=\"new\">{word}</tspan>") } else { word }
        });
        let _ = writeln!(out, "<text class=\"cells\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", words.collect::<Vec<_>>().join(" "));
        y += LINE;
    }
    out.push_str("</g>\n");
}

/// What is told of a node under the mouse.
fn hint(node: &Node) -> String {
    match (&node.hub, node.cells.as_slice()) {
        (Some(hub), _) => format!("{} on the menu of {hub}{}", node.name, if node.default { ", the default" } else { "" }),
        (None, [one]) => one.reference.clone(),
        (None, several) => several.iter().map(|cell| cell.reference.as_str()).collect::<Vec<_>>().join("\n"),
    }
}

/// What stands in a node: its name, an entry's title.
fn name(node: &Node) -> &str {
    if node.kind == NodeKind::Entry { &node.title } else { &node.name }
}

/// The names of a node's cells in lines, each with whether it is touched; the last line says how many more there are.
fn cell_lines(node: &Node) -> Vec<Vec<(String, bool)>> {
    let mut lines: Vec<Vec<(String, bool)>> = Vec::new();
    let mut length = usize::MAX;
    let named: Vec<_> = node.cells.iter().filter(|cell| !cell.name.is_empty()).collect();
    for (at, cell) in named.iter().enumerate() {
        let more = cell.name.chars().count() + 1;
        if length.saturating_add(more) > CELL_LINE {
            if lines.len() == CELL_LINES {
                let rest = named.get(at..).unwrap_or_default();
                lines.push(vec![(format!("and {} more", rest.len()), rest.iter().any(|cell| cell.touched))]);
                break;
            }
            lines.push(Vec::new());
            length = 0;
        }
        length += more;
        if let Some(line) = lines.last_mut() {
            line.push((cell.name.clone(), cell.touched));
        }
    }
    lines
}

#[expect(clippy::cast_precision_loss, reason = "lines of some dozens of characters")]
fn size(node: &Node) -> Point {
    let cells = cell_lines(node);
    let length = |line: &Vec<(String, bool)>| line.iter().map(|(word, _)| columns(word) + 1).sum::<usize>() as f64 * CELL;
    let names = wrapped(name(node));
    let widest = names.iter().map(|line| columns(line) as f64 * NAME).chain(cells.iter().map(length)).fold(0.0, f64::max);
    let round = if node.kind == NodeKind::Entry { 1.5 * PADDING } else { 0.0 };
    Point::new(widest + 2.0 * PADDING + round, (names.len() + cells.len()) as f64 * LINE + 2.0 * PADDING)
}

/// A name in lines: titles are broken between words.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if columns(line) + columns(word) < NAME_LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// How many columns a text takes: wide characters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) < 0x1100 { 1 } else { 2 }).sum()
}

/// Text between tags; control characters may not stand in XML at all.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push(c),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
