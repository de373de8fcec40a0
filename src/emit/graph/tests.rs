//! The graph and its drawings: what is in them, and that any graph can be drawn.

use proptest::prelude::*;

use super::*;
use crate::check::check;
use crate::diagnostics::Findings;
use crate::emit::fixture::{Fixture, jovyan, shell};
use crate::emit::plan;
use crate::ir::{BaseId, CellId, Parent, Program};

/// Two images on one base, the upper one with two cells.
fn program() -> Program {
    let mut fixture = Fixture::new();
    let base = fixture.base("jupyter", "quay.io/jupyter/base-notebook", "latest", jovyan());
    fixture.image("lab", &jovyan(), vec![(Vec::new(), Parent::Base(base), vec![shell("a")])]);
    let lab = Parent::Cell(CellId(0));
    fixture.image(
        "ml",
        &jovyan(),
        vec![(vec![("variant", "cpu", "cpu")], lab, vec![shell("b")]), (vec![("variant", "cuda", "cuda")], lab, vec![shell("c")])],
    );
    fixture.image("other", &jovyan(), vec![(Vec::new(), Parent::Base(base), vec![shell("d")])]);
    fixture.program
}

fn graph(name: Option<&str>) -> Option<Graph> {
    let checked = check(program(), &mut Findings::default()).unwrap();
    let plan = plan(&checked);
    match name {
        None => Some(Graph::of(checked.program(), &plan)),
        Some(name) => Graph::needed_by(checked.program(), &plan, name),
    }
}

fn names(graph: &Graph) -> Vec<&str> {
    graph.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[test]
fn images_stand_on_what_is_underneath() {
    let graph = graph(None).unwrap();
    assert_eq!(names(&graph), ["jupyter", "lab", "ml", "other"]);
    let edges: Vec<_> = graph.edges.iter().map(|edge| (edge.from, edge.to, edge.cells.as_slice())).collect();
    assert_eq!(edges, [(0, 1, &[0][..]), (1, 2, &[0, 1]), (0, 3, &[0])]);
}

#[test]
fn only_what_is_needed_is_left() {
    assert_eq!(names(&graph(Some("ml")).unwrap()), ["jupyter", "lab", "ml"]);
    assert_eq!(names(&graph(Some("lab")).unwrap()), ["jupyter", "lab"]);
    assert_eq!(graph(Some("none")), None);
}

#[test]
fn what_is_touched_is_marked_in_every_drawing() {
    let mut graph = graph(None).unwrap();
    assert!(!svg(&graph).contains("touched\"") && !dot(&graph).contains("ffe8b3"));
    graph.touch(|image, cell| image == "ml" && cell == "cuda");
    let drawn = svg(&graph);
    assert_eq!(drawn.matches("<g class=\"image touched\">").count(), 1, "{drawn}");
    assert!(drawn.contains("cpu <tspan class=\"new\">cuda</tspan>"), "{drawn}");
    assert!(mermaid(&graph).contains("n2[\"ml<br><small>cpu cuda</small>\"]:::touched"), "{}", mermaid(&graph));
    assert!(dot(&graph).contains("n2 [label=\"ml\\ncpu cuda\"") && dot(&graph).matches("ffe8b3").count() == 1);
}

#[test]
fn texts_are_quoted() {
    let hard = "a\"b<c>&`d\\e\n#;";
    let node = Node { kind: NodeKind::Entry, name: "x".to_owned(), title: hard.to_owned(), hub: None, default: false, cells: Vec::new() };
    let graph = Graph { nodes: vec![node], edges: Vec::new() };
    assert!(svg(&graph).contains("a\"b&lt;c&gt;&amp;`d\\e #;</text>"), "{}", svg(&graph));
    assert!(mermaid(&graph).contains("a#34;b#60;c#62;#38;#96;d#92;e #35;#59;"), "{}", mermaid(&graph));
    assert!(dot(&graph).contains(r#"label="a\"b<c>&`d\\e#;""#), "{}", dot(&graph));
    assert_eq!(svg(&Graph::default()).matches("<g").count(), 0);
}

/// Graphs of any shape, edges from earlier nodes to later ones.
fn any_graph() -> impl Strategy<Value = Graph> {
    (1usize..24).prop_flat_map(|count| {
        let node = (0usize..3, 0usize..9, "[a-h]{1,30}").prop_map(|(kind, cells, name)| Node {
            kind: [NodeKind::Base, NodeKind::Image, NodeKind::Entry][kind],
            title: name.clone(),
            name,
            hub: None,
            default: false,
            cells: (0..cells).map(|at| NodeCell { name: format!("py3.{at}"), reference: String::new(), touched: at == 0 }).collect(),
        });
        let edges = prop::collection::vec((0..count, 0..count), 0..40);
        (prop::collection::vec(node, count), edges).prop_map(|(nodes, pairs)| {
            let pairs = pairs.into_iter().filter(|(one, two)| one != two).map(|(one, two)| (one.min(two), one.max(two)));
            let edges = pairs.map(|(from, to)| Edge { from, to, kind: EdgeKind::StandsOn, cells: Vec::new() }).collect();
            Graph { nodes, edges }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_drawn_and_always_the_same(graph in any_graph()) {
        let drawn = svg(&graph);
        prop_assert_eq!(drawn.matches("<g class").count(), graph.nodes.len());
        prop_assert_eq!(drawn.matches("<path class=\"stands-on\"").count(), graph.edges.len());
        prop_assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{}", drawn);
        prop_assert_eq!(svg(&graph), drawn);
    }
}

#[test]
fn an_existing_image_of_several_tags_is_one_node() {
    let mut program = program();
    let mut second = program[BaseId(0)].clone();
    second.tag = Some("other".to_owned());
    program.bases.push(second);
    program.cells[3].parent = Parent::Base(BaseId(1));
    let checked = check(program, &mut Findings::default()).unwrap();
    let graph = Graph::of(checked.program(), &plan(&checked));
    assert_eq!((names(&graph), graph.nodes[0].cells.len()), (vec!["jupyter", "lab", "ml", "other"], 2));
}
