//! `jenvc tree`, `jenvc graph` and `jenvc diff` as processes, on a program in a repository.

use crate::support::{Ran, Workplace};

const PROGRAM: &str = r#"project demo { registry = "ghcr.io/demo" }

image jupyter {
  ref    = "quay.io/jupyter/base-notebook"
  digest = "sha256:2f0e1c0f8b7a4f7d9c3e5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f809"
}

layer base {
  from jupyter
  run "first"
}

environment ml {
  from base
  variant cpu  { pip { torch ==2.5.1 } }
  variant cuda { pip { torch ==2.5.1 } }
  profile { title = "Machine learning"  choose = [variant]  default = true }
}

environment plain {
  from jupyter
  run "plain"
}

hub production { chart = 4.4 }

output dockerfiles { dir = "images" }
"#;

const TREE: &str = "\
jupyter quay.io/jupyter/base-notebook
├── base
│   └── ml cpu cuda
│       └── “Machine learning” on production, the default
└── plain
";

fn place() -> Workplace {
    let place = Workplace::with([("main.jenv", PROGRAM)]);
    place.commit();
    place
}

fn json(ran: &Ran) -> serde_json::Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn the_tree_shows_stacks_cells_and_entries() {
    let place = place();
    let ran = place.run(&["tree", "--quiet"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, TREE), "{}", ran.error);
    let only = place.run(&["tree", "--for", "base"]).out;
    assert_eq!(only, "jupyter quay.io/jupyter/base-notebook\n└── base\n");
    let object = json(&place.run(&["tree", "--format", "json"]));
    assert_eq!(object["roots"][0]["above"][0]["above"][0]["cells"][1]["name"], "cuda");
    let unknown = place.run(&["tree", "--for", "bsae"]);
    assert!(unknown.status == 64 && unknown.error.contains("did you mean `base`?"), "{}", unknown.error);
    assert!(place.run(&["tree", "--color", "always"]).out.contains("\u{1b}[1mbase\u{1b}[0m"));
}

#[test]
fn what_a_change_touches_is_marked() {
    let place = place();
    place.write("main.jenv", PROGRAM.replace("variant cuda { pip { torch ==2.5.1 } }", "variant cuda { pip { torch ==2.6.0 } }"));
    let ran = place.run(&["tree", "--since", "HEAD"]);
    assert!(ran.out.contains("ml cpu cuda*\n") && ran.out.ends_with("\n* built anew since HEAD\n"), "{}", ran.out);
    place.write("main.jenv", PROGRAM.replace("first", "second"));
    let tree = place.run(&["tree", "--since", "HEAD", "--quiet"]).out;
    assert!(tree.contains("── base*\n") && tree.contains("ml cpu* cuda*\n") && tree.contains("── plain\n"), "{tree}");
    let svg = place.run(&["graph", "--since", "HEAD"]).out;
    assert_eq!(svg.matches("<g class=\"image touched\">").count(), 2, "{svg}");
    let unknown = place.run(&["tree", "--since", "nowhere"]);
    assert!(unknown.status == 64 && unknown.error.contains("`nowhere` can't be read"), "{}", unknown.error);
}

#[test]
fn the_graph_is_drawn_in_three_ways() {
    let place = place();
    let svg = place.run(&["graph"]);
    assert!(svg.status == 0 && svg.out.starts_with("<svg xmlns=") && svg.out.contains(">Machine learning</text>"), "{svg:?}");
    let mermaid = place.run(&["graph", "--format", "mermaid"]).out;
    assert!(mermaid.starts_with("flowchart LR\n") && mermaid.contains("  n1 --> n2\n"), "{mermaid}");
    let dot = place.run(&["graph", "--format", "dot", "--for", "plain"]).out;
    assert!(dot.starts_with("digraph images {\n") && dot.contains("n0 -> n1;\n") && !dot.contains("base\""), "{dot}");
    let object = json(&place.run(&["graph", "--format", "json"]));
    assert_eq!((object["nodes"][0]["kind"].as_str(), object["edges"][0]["kind"].as_str()), (Some("base"), Some("stands-on")));
    assert_eq!(place.run(&["graph", "--format", "human"]).status, 64);
    place.write("main.jenv", PROGRAM.replace("from base", "from bsae"));
    let wrong = place.run(&["graph"]);
    assert!(wrong.status == 1 && wrong.out.is_empty() && wrong.error.contains("`bsae`"), "{wrong:?}");
}

#[test]
fn a_package_that_moves_within_its_stack_is_no_difference() {
    let program = |own: &str| {
        format!(
            "project demo {{ registry = \"ghcr.io/demo\" }}\n\
             image root {{ ref = \"ghcr.io/demo/root:1@sha256:{}\"  user me {{ uid = 1000  gid = 100  home = \"/home/me\" }} }}\n\
             layer tables {{ pip {{ pandas ==2.2.3  polars ==1.0.0 }} }}\n\
             environment a {{ from root / tables  {own} }}\nenvironment b {{ from root / tables  pip {{ torch }} }}\n",
            "a".repeat(64)
        )
    };
    let place = Workplace::with([("main.jenv", program(""))]);
    assert_eq!(place.run(&["build"]).status, 0);
    place.commit();
    place.write("main.jenv", program("pip { scipy }"));
    let object = json(&place.run(&["diff", "--format", "json"]));
    let names: Vec<_> = object["packages"].as_array().unwrap().iter().map(|change| (&change["image"], &change["name"])).collect();
    assert_eq!(names, [(&"a".into(), &"scipy".into())], "{object:#}");
}

#[test]
fn the_difference_is_told_in_three_ways() {
    let place = place();
    let none = place.run(&["diff"]);
    assert_eq!((none.status, none.out.as_str()), (0, "nothing differs from HEAD\n"));
    place.write("main.jenv", PROGRAM.replace("cuda ", "gpu ").replace("first", "second"));
    let human = place.run(&["diff"]);
    assert!(human.status == 2 && human.out.contains("  breaking\n") && human.out.contains("  -  ml cuda "), "{}", human.out);
    let object = json(&place.run(&["diff", "--format", "json"]));
    assert_eq!((object["breaking"].as_bool(), object["images"][0]["image"].as_str()), (Some(true), Some("base")));
    let markdown = place.run(&["diff", "--format", "markdown"]).out;
    assert!(markdown.starts_with("### Images and menus\n") && markdown.contains("**Breaking**"), "{markdown}");
    place.write("main.jenv", PROGRAM.replace("from base", "from bsae"));
    place.commit();
    place.write("main.jenv", PROGRAM);
    let broken = place.run(&["diff"]);
    assert!(broken.status == 64 && broken.error.contains("program of `HEAD`, it has errors: "), "{}", broken.error);
}
