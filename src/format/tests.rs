//! The one style: what it looks like, and that it keeps the tree and every comment.

mod any;

use super::format;
use crate::base::FileId;
use crate::syntax::parse;

/// Programs that are formatted here, besides those in the tests.
const PROGRAMS: &[&str] = &[
    include_str!("../../stdlib/account.jenv"),
    include_str!("../../stdlib/installers.jenv"),
    include_str!("../../stdlib/jupyter.jenv"),
    include_str!("../../stdlib/nvidia.jenv"),
    include_str!("../../examples/quickstart/main.jenv"),
    include_str!("../../examples/vre/hub.jenv"),
    include_str!("../../examples/vre/layers/base.jenv"),
    ODD,
];

/// Comments and line ends in odd places.
const ODD: &str = r#"
# top


## doc
layer a { # opening
  # first

  from base # root
    / x   # more

  x = [ # list
    1, # one
    2
    # last
  ]
  y = [>=2
    # why
    | <1, f(a, # first
      b = 2)]
  pip { # packages
    a >=2, # odd
      <3
    b # about b
    ## about c
    c ==1 because "x" # about c, too
    d
      # odd, too
      because "y"

    # end
  }
  when a # odd
    { expose 8888 }
  run """
      a
        b

      c"""   # text
  run '''x'''
  exclude { python = 3.10, variant = cuda12 } because "a very long reason that does not fit on the line, so that it goes to the next one"
  internal, publish
  v { a = ==1, b = 2, internal, pip { x }, publish }
  tags { "latest" date, "x"
    sha }
}
# after
let a = 1
let long-name = { a = 1, "b c" = [1, 2] }
# end
"#;

/// The debug form of a tree, without places.
fn tree(text: &str) -> String {
    let shown = format!("{:?}", parse(FileId(0), text).file);
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some(at) = rest.find("Span { start: ") {
        out.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find('}').map_or(0, |end| end + 1)..];
    }
    out + rest
}

fn comments(text: &str) -> Vec<String> {
    parse(FileId(0), text).trivia.comments.iter().map(|comment| text[comment.span.range()].trim_end().to_owned()).collect()
}

#[track_caller]
fn formatted(text: &str) -> String {
    let parsed = parse(FileId(0), text);
    assert!(!parsed.findings.has_errors(), "{text}\n{:#?}", parsed.findings.iter().map(|finding| &finding.message).collect::<Vec<_>>());
    let out = format(text, &parsed);
    let again = parse(FileId(0), &out);
    assert!(!again.findings.has_errors(), "{text}\n---\n{out}\n{:#?}", again.findings);
    assert_eq!(tree(&out), tree(text), "the tree of\n{text}\n---\n{out}");
    assert_eq!(comments(&out), comments(text), "the comments of\n{text}\n---\n{out}");
    assert_eq!(format(&out, &again), out, "twice is not once\n{text}");
    out
}

#[test]
fn programs_keep_their_trees_and_comments() {
    for program in PROGRAMS {
        formatted(program);
    }
    let page = include_str!("../../grammar/README.md");
    for (program, _) in page.split("```jenv\n").skip(1).filter_map(|part| part.split_once("```")) {
        formatted(program);
    }
}

/// Every `.jenv` file under a folder of the project.
fn files_under(folder: &str) -> Vec<std::path::PathBuf> {
    let mut waiting = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "jenv") {
            found.push(path);
        }
    }
    found
}

#[test]
fn all_files_of_the_project_keep_their_trees_and_comments() {
    let mut whole = 0;
    for file in ["examples", "stdlib", "tests/corpus"].into_iter().flat_map(files_under) {
        let Ok(text) = String::from_utf8(std::fs::read(&file).unwrap()) else { continue };
        let parsed = parse(FileId(0), &text);
        if parsed.findings.has_errors() {
            assert_eq!(format(&text, &parsed), text);
        } else {
            formatted(&text);
            whole += 1;
        }
    }
    assert!(whole > 20, "{whole}");
}

#[test]
fn the_style() {
    let written = r#"project  p { registry="x", source   = 'y' }
layer base{


  from a/b(python=3.11)   onto c
  conda   channel "f"{
    python 3.13.* pin
    notebook   >=7.2.2,<8 because "older ones"  # a comment
    dask
    # of its own
    blas *=openblas } then "clean"
  apt { curl   git }
  pip { a ==1   b[c,d];platform=="linux/amd64" }
  env {
    A = "x", LONG = "y"   # the second
    "b.c"   =  "z"
  }
  exclude { python=3.10, variant=cuda12 }
    because "x"
  when not(a==1 or b)and c in[1,2]{ user jovyan {uid=1000 gid=100} }
  run """
        one
          two
        """
}
environment e { from base }
"#;
    let wanted = r#"project p { registry = "x"  source = 'y' }

layer base {
  from a / b(python = 3.11) onto c
  conda channel "f" {
    python   3.13.*      pin
    notebook >=7.2.2, <8 because "older ones"  # a comment
    dask
    # of its own
    blas     *=openblas
  } then "clean"
  apt { curl git }
  pip { a ==1  b[c, d] ; platform == "linux/amd64" }
  env {
    A     = "x"
    LONG  = "y"  # the second
    "b.c" = "z"
  }
  exclude { python = 3.10, variant = cuda12 } because "x"
  when not (a == 1 or b) and c in [1, 2] { user jovyan { uid = 1000  gid = 100 } }
  run """
    one
      two
  """
}

environment e { from base }
"#;
    assert_eq!(formatted(written), wanted);
    assert_eq!(formatted("let  v = >=2,<3|==1\n\n\n\nimport   std.x   as y\n"), "let v = >=2, <3 | ==1\n\nimport std.x as y\n");
}

#[test]
fn neighbours_of_one_shape_are_in_columns() {
    let written = r#"output dockerfiles { dir = "images" }
output bake { path = "docker-bake.json" }
layer base {
  test "a" { run "x"  expect "y" }
  # between
  test "longer" { run "z" }
  test "as root" as root { run "z" }
  tags {
    "latest"   sha
    probe lab = "jupyter-lab --version" matching "x"
    probe notebook = "x" matching "y"
  }
  path PATH append "/a"
  path LIBRARIES prepend "/b"
  requires { python >=3 }
  apt { curl git }
  conda { dask }

  conda channel "conda-forge" { dask }
  variant cpu { pip { torch } }
  variant cuda12 { pip { torch } }
  run as root "a"
  run in "/tmp" "a"
  arg a = ""   # the newest
  arg long = "3"
}
"#;
    let wanted = r#"output dockerfiles { dir = "images" }
output bake        { path = "docker-bake.json" }

layer base {
  test "a"      { run "x"  expect "y" }
  # between
  test "longer" { run "z" }
  test "as root" as root { run "z" }
  tags {
    "latest" sha
    probe lab      = "jupyter-lab --version" matching "x"
    probe notebook = "x"                     matching "y"
  }
  path PATH      append  "/a"
  path LIBRARIES prepend "/b"
  requires { python >=3 }
  apt      { curl git }
  conda    { dask }

  conda channel "conda-forge" { dask }
  variant cpu    { pip { torch } }
  variant cuda12 { pip { torch } }
  run as root "a"
  run in "/tmp" "a"
  arg a    = ""  # the newest
  arg long = "3"
}
"#;
    assert_eq!(formatted(written), wanted);
}

#[test]
fn what_is_too_long_for_a_line_is_divided() {
    let long = |piece: &str| [piece; 12].join(", ");
    let out = formatted(&format!("project p {{ platforms = [{}] }}\n", long("\"linux/amd64\"")));
    assert!(out.starts_with("project p {\n  platforms = [\n    \"linux/amd64\",\n"), "{out}");
    let out = formatted(&format!("layer a {{ pip {{ {} }} }}\n", ["package-name ==1.0"; 9].join(" ")));
    assert!(out.starts_with("layer a {\n  pip {\n    package-name ==1.0\n    package-name ==1.0\n"), "{out}");
    let out = formatted(&format!("layer a {{\n  pip {{\n    numpy <2 because \"{}\"\n  }}\n}}\n", "because ".repeat(16)));
    assert!(out.contains("    numpy <2\n        because \"because"), "{out}");
}

#[test]
fn broken_programs_are_left_alone() {
    let broken = "layer  a { pip { x, y }\n}";
    assert_eq!(format(broken, &parse(FileId(0), broken)), broken);
}
