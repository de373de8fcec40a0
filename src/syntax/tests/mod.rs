//! The forms of the language, read into the tree.

use super::ast::{Entry, EntryPart, File, Item, ListItem, PackageList, Part, Phrase, Statement, TextPart, Value};
use super::{Parsed, parse};
use crate::base::FileId;

fn read(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text);
    let findings: Vec<_> =
        parsed.findings.iter().map(|finding| (&finding.message, finding.place().map(|p| &text[p.span.range()]))).collect();
    assert!(findings.is_empty(), "{text}\n{findings:#?}");
    parsed
}

/// The statements of the only definition.
fn body(text: &str) -> Vec<Statement> {
    let file = read(&format!("layer x {{\n{text}\n}}")).file;
    let [Item::Definition(definition)] = file.items.as_slice() else { panic!("{file:#?}") };
    definition.body.statements.clone()
}

fn sketch_part(part: &Part) -> String {
    match part {
        Part::Word(name) => name.node.clone(),
        Part::Value(value) => sketch_value(value),
        Part::Equals(_) => "=".into(),
        Part::Block(block) => format!("{{ {} }}", block.statements.iter().map(sketch).collect::<Vec<_>>().join(" ")),
        Part::Packages(body) => format!("<{}>", body.items.iter().map(sketch_item).collect::<Vec<_>>().join(" ")),
    }
}

fn sketch_value(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{:?}", text.literal().unwrap_or("…")),
        Value::Number(number) => format!("#{}", number.node),
        Value::Range(range) => format!("#{}..{}", range.from.node, range.to.node),
        Value::Boolean(boolean) => format!("?{}", boolean.node),
        Value::List(list) => format!("[{}]", list.items.iter().map(sketch_value).collect::<Vec<_>>().join(" ")),
        Value::Map(map) => {
            format!("{{{}}}", map.fields.iter().map(|f| format!("{}:{}", f.key.text, sketch_value(&f.value))).collect::<Vec<_>>().join(" "))
        }
        Value::Reference(reference) => match &reference.arguments {
            None => format!("@{}", reference.path.node),
            Some(arguments) => {
                let one = |a: &super::ast::Argument| {
                    format!("{}{}", a.name.as_ref().map_or(String::new(), |n| format!("{}=", n.node)), sketch_value(&a.value))
                };
                format!("@{}({})", reference.path.node, arguments.iter().map(one).collect::<Vec<_>>().join(" "))
            }
        },
        Value::Constraint(constraint) => format!("c{}", sketch_constraint(constraint)),
    }
}

fn sketch_constraint(constraint: &super::ast::Constraint) -> String {
    let piece = |part: &TextPart| match part {
        TextPart::Literal(text) => text.clone(),
        TextPart::Interpolation(name) => format!("{{{}}}", name.node),
    };
    let bound = |bound: &super::ast::Bound| {
        let operator = bound.operator.as_ref().map_or("", |o| o.node.as_str());
        let build = bound.build.as_ref().map_or(String::new(), |b| format!("={}", b.node));
        format!("{operator}{}{build}", bound.version.iter().map(piece).collect::<String>())
    };
    let all = |bounds: &Vec<super::ast::Bound>| bounds.iter().map(bound).collect::<Vec<_>>().join(",");
    format!("({})", constraint.alternatives.iter().map(all).collect::<Vec<_>>().join("|"))
}

fn sketch_item(item: &ListItem) -> String {
    match item {
        ListItem::Entry(entry) => sketch_entry(entry),
        ListItem::List(list) => sketch_list(list),
        ListItem::Fact(fact) => format!("!{} {:?}", fact.name.node, fact.value.literal().unwrap_or("…")),
    }
}

fn sketch_entry(entry: &Entry) -> String {
    let mut out = vec![entry.name.literal().unwrap_or("…").to_owned()];
    if !entry.extras.is_empty() {
        out.push(format!("[{}]", entry.extras.iter().map(|e| e.node.as_str()).collect::<Vec<_>>().join(",")));
    }
    for part in &entry.parts {
        out.push(match part {
            EntryPart::Constraint(constraint) => sketch_constraint(constraint),
            EntryPart::Marker(_) => ";".into(),
            EntryPart::Git(git) => {
                format!("+git{}{}", if git.rev.is_some() { "@" } else { "" }, if git.subdirectory.is_some() { "/" } else { "" })
            }
            EntryPart::Url(archive) => format!("+url{}", if archive.sha256.is_some() { "#" } else { "" }),
            EntryPart::Path(_) => "+path".into(),
            EntryPart::Resolved(_) => "+resolved".into(),
            EntryPart::Because(_) => "+because".into(),
            EntryPart::Until(date) => format!("+until({})", date.node),
            EntryPart::Pin(_) => "+pin".into(),
            EntryPart::Override(_) => "+override".into(),
            EntryPart::Enable(name) => format!("+enable({})", name.node),
        });
    }
    out.concat()
}

fn sketch_list(list: &PackageList) -> String {
    let options = list.options.iter().map(|option| format!(" {}", sketch_part(option)));
    let body = list.body.iter().map(|body| format!(" <{}>", body.items.iter().map(sketch_item).collect::<Vec<_>>().join(" ")));
    let then = list.then.iter().map(|_| " then".to_owned());
    format!("{}{}", list.manager.node, options.chain(body).chain(then).collect::<String>())
}

fn sketch_phrase(phrase: &Phrase) -> String {
    let head = phrase.head.as_ref().map_or("-", |head| head.node.as_str());
    let parts = phrase.parts.iter().map(|part| format!(" {}", sketch_part(part)));
    format!("({head}{})", parts.collect::<String>())
}

fn sketch(statement: &Statement) -> String {
    match statement {
        Statement::Field(field) => format!("{}:{}", field.key.text, sketch_value(&field.value)),
        Statement::Phrase(phrase) => sketch_phrase(phrase),
        Statement::List(list) => sketch_list(list),
        Statement::When(when) => format!("when {{ {} }}", when.body.statements.iter().map(sketch).collect::<Vec<_>>().join(" ")),
        Statement::From(stack) => {
            let parts = stack.parts.iter().map(|part| sketch_value(&Value::Reference(part.clone()))).collect::<Vec<_>>().join("/");
            format!("from {parts}{}", stack.onto.as_ref().map_or(String::new(), |onto| format!(" onto @{}", onto.path.node)))
        }
    }
}

#[track_caller]
fn reads(text: &str, wanted: &str) {
    let got = body(text).iter().map(sketch).collect::<Vec<_>>().join("\n");
    assert_eq!(got, wanted, "{text}");
}

#[test]
fn phrases_are_words_and_what_follows_them() {
    reads(
        "variant accelerator { cpu { pip { x } } cuda12 { include y } }",
        "(variant accelerator { (cpu { pip <x> }) (cuda12 { (include y) }) })",
    );
    reads("matrix python = [3.10, 3.11] default 3.11", "(matrix python = [#3.10 #3.11] default #3.11)");
    reads("exclude { python = 3.10, variant = cuda12 } because \"x\"", "(exclude { python:#3.10 variant:@cuda12 } because \"x\")");
    reads("exclude { python = 3.10 }\n  because \"x\"", "(exclude { python:#3.10 } because \"x\")");
    reads(
        "run as root in \"/tmp\" with micromamba provides { pip { x } } \"\"\"\n  a\n  b\n\"\"\"",
        "(run as root in \"/tmp\" with micromamba provides <pip <x>> \"a\\nb\")",
    );
    reads("include r-packages without { r-shiny }", "(include r-packages without <r-shiny>)");
    reads(
        "option size { small { cpu = 1..2 memory = 2G..4G }  large { cpu = 8 memory = 64G } }",
        "(option size { (small { cpu:#1..2 memory:#2G..4G }) (large { cpu:#8 memory:#64G }) })",
    );
    reads("healthcheck [\"a\", \"b\",] { interval = 5s }", "(healthcheck [\"a\" \"b\"] { interval:#5s })");
    reads(
        "test \"name\" as root env { A = \"x\" } { run \"a\"  expect \"b\" }",
        "(test \"name\" as root env { A:\"x\" } { (run \"a\" expect \"b\") })",
    );
    reads(
        "fetch from \"https://h/d\" to \"/b\" mode 755 { start.sh \"sha256:1\" }",
        "(fetch from \"https://h/d\" to \"/b\" mode #755 { (start.sh \"sha256:1\") })",
    );
    reads("user jovyan { uid = 1000  gid = 100  home = \"/h\" }", "(user jovyan { uid:#1000 gid:#100 home:\"/h\" })");
    reads(
        "hooks { before-notebook = \"/x\" }\nhook before-notebook \"f\"",
        "(hooks { before-notebook:\"/x\" })\n(hook before-notebook \"f\")",
    );
    reads("build from git \"https://h\" rev \"a89\" { run \"make\" }", "(build from git \"https://h\" rev \"a89\" { (run \"make\") })");
    reads("copy \"/usr/bin/x\" from some-image to \"/usr/bin/\"", "(copy \"/usr/bin/x\" from some-image to \"/usr/bin/\")");
    reads(
        "copy \"a\" \"b\"\n  to \"/opt/x/\" owner user mode 755 optional",
        "(copy \"a\" \"b\" to \"/opt/x/\" owner user mode #755 optional)",
    );
    reads(
        "include fragment(a = 1, b = 2)\ninclude voms([\"atlas\", \"cms\"])",
        "(include @fragment(a=#1 b=#2))\n(include @voms([\"atlas\" \"cms\"]))",
    );
    reads("label \"a.b\" = \"x\"\narg NAME = \"x\" env", "(label \"a.b\" = \"x\")\n(arg NAME = \"x\" env)");
    reads("path LD_LIBRARY_PATH append [\"/a\", \"/b\"]", "(path LD_LIBRARY_PATH append [\"/a\" \"/b\"])");
    reads("allow J0412 because \"x\"", "(allow J0412 because \"x\")");
    reads(
        "tags { \"latest\"  date  sha  probe lab = \"v\" matching \"\\\\d\" }",
        "(tags { (- \"latest\" date sha probe lab = \"v\" matching \"\\\\d\") })",
    );
    reads(
        "ci { timeout = 30m  free_disk = true  skip because \"x\" }\npublish\ninternal",
        "(ci { timeout:#30m free_disk:?true (skip because \"x\") })\n(publish)\n(internal)",
    );
    reads("finish conda pip run \"fix-permissions\"", "(finish conda pip run \"fix-permissions\")");
    reads("tool micromamba from \"a:1@sha256:2\" bin \"/bin/m\"", "(tool micromamba from \"a:1@sha256:2\" bin \"/bin/m\")");
    reads("link { torch = [2.4.1, 2.5.1]  vision = [0.19.1] }", "(link { torch:[#2.4.1 #2.5.1] vision:[#0.19.1] })");
    reads("variant cuda12 { include nvidia.runtime pip { x } }", "(variant cuda12 { (include nvidia.runtime) pip <x> })");
    reads("option index(url) { flag = \"--x {{ url }}\" }", "(option @index(@url) { flag:\"…\" })");
}

#[test]
fn fields_and_values() {
    reads("digest = { 3.11 = \"sha256:1\", \"a b\" = true }", "digest:{3.11:\"sha256:1\" a b:?true}");
    reads("cpu = 2..4  memory = 4G .. 16G\nx = [1, [2], { a = b }]", "cpu:#2..4\nmemory:#4G..16G\nx:[#1 [#2] {a:@b}]");
    reads("a = ==39.2.0\nb = >=2, <3\nc = 3.9.*, d = base(python = 3.11)", "a:c(==39.2.0)\nb:c(>=2,<3)\nc:c(3.9.*)\nd:@base(python=#3.11)");
    reads(
        "choose = [python, variant] # why\nenv = { A = \"x\" }\nlifecycle_hooks = { }",
        "choose:[@python @variant]\nenv:{A:\"x\"}\nlifecycle_hooks:{}",
    );
}

#[test]
fn stacks_and_conditions() {
    reads("from base(python = 3.11)", "from @base(python=#3.11)");
    reads("from base / layer-a\n  / layer-b", "from @base/@layer-a/@layer-b");
    reads("from jupyter.minimal-notebook onto my-root", "from @jupyter.minimal-notebook onto @my-root");
    reads("when not python >= 3.12 and (variant == cuda12 or platform in [\"a\", \"b\"]) { expose 8888 }", "when { (expose #8888) }");
    reads("when variant not in [a, b]\n  and x { }", "when {  }");
}

#[test]
fn lists_hold_packages() {
    reads(
        "apt { curl \"openjdk-{{ jdk }}-jre\" git g++ libsigc++-2.0-0v5 gcc-12:amd64 7zip 389-ds-base 2to3 }",
        "apt <curl … git g++ libsigc++-2.0-0v5 gcc-12:amd64 7zip 389-ds-base 2to3>",
    );
    reads(
        "apt upgrade\napt from egi { x }\npip file \"r.txt\" { y }\nconda file \"e.yaml\"",
        "apt upgrade\napt from egi <x>\npip file \"r.txt\" <y>\nconda file \"e.yaml\"",
    );
    reads(
        "conda channel \"conda-forge\" {\n  python 3.13.* pin # why\n  libxml2 <2.14 because \"x\" until 2026-12-31\n  blas *=openblas\n} then \"jupyter lab clean\"",
        "conda channel \"conda-forge\" <python(3.13.*)+pin libxml2(<2.14)+because+until(2026-12-31) blas(*=openblas)> then",
    );
    reads("conda bootstrap with micromamba { python {{ python }}  mamba }", "conda bootstrap with micromamba <python({python}) mamba>");
    reads(
        "conda env microomega activate { channel \"conda-forge\"  python 3.9.*  iminuit <=1.5.4  pip { mlfermi url \"https://x\" sha256 \"y\" } }",
        "conda env microomega activate <!channel \"conda-forge\" python(3.9.*) iminuit(<=1.5.4) pip <mlfermi+url#>>",
    );
    reads(
        "pip {\n  tensorflow[and-cuda] ==2.18.*\n  cpu ; platform == \"linux/amd64\"\n  reana git \"https://x\" rev \"0.9.3\" subdirectory \"x\"\n  local path \"w.whl\"\n  pandas ==2.2.3 override because \"x\"\n  spark resolved \"cat\" # known\n lab ==1.4.0 enable server\n}",
        "pip <tensorflow[and-cuda](==2.18.*) cpu; reana+git@/ local+path pandas(==2.2.3)+override+because spark+resolved lab(==1.4.0)+enable(server)>",
    );
    reads(
        "pip {\n  a >=2,\n    <3\n    | ==1\n  # note\n    because \"x\"\n  b ==python.* }",
        "pip <a(>=2,<3|==1)+because b(=={python}.*)>",
    );
    reads(
        "requires { os \"ubuntu 24.04\"  python >=3.10  command \"git\" }",
        "requires <!os \"ubuntu 24.04\" python(>=3.10) !command \"git\">",
    );
    reads(
        "provides { conda { python {{ python }}.* pin   notebook >=7.2.2   dask } }",
        "provides <conda <python({python}.*)+pin notebook(>=7.2.2) dask>>",
    );
    reads(
        "provides { python 3.9.5 pin 3.9.* }\nprovides from \"facts/a.json\"",
        "provides <python(3.9.5)+pin(3.9.*)>\nprovides from \"facts/a.json\"",
    );
    reads("spack { hdf5 netcdf ==4 }\nspack { a = 1 }\nspack { }", "spack <hdf5 netcdf(==4)>\n(spack { a:#1 })\n(spack {  })");
    reads(
        "pip no-deps { swankernelenv ==1.0.0 }\npip { rucio {{ rucio }} }\nnpm { @jupyterlab/git ^3.1 }",
        "pip no-deps <swankernelenv(==1.0.0)>\npip <rucio({rucio})>\nnpm <@jupyterlab/git(^3.1)>",
    );
    reads("apt { git curl when env }\nconda { conda-forge::x nodejs }", "apt <git curl when env>\nconda <conda-forge::x nodejs>");
}

#[test]
fn documentation_belongs_to_what_follows() {
    let file = read("## One.\n##\n## Two.\nlayer x {\n  pip {\n    # no\n    ## about a\n    a\n    b # about b\n    c\n    # no\n  }\n}\n\n## far\n\nlet y = 1\n## near\nlet z = 2\n").file;
    let [Item::Definition(layer), Item::Let(y), Item::Let(z)] = file.items.as_slice() else { panic!("{file:#?}") };
    assert_eq!(layer.doc.as_deref(), Some("One.\n\nTwo."));
    assert_eq!((y.doc.as_deref(), z.doc.as_deref()), (None, Some("near")));
    let [Statement::List(list)] = layer.body.statements.as_slice() else { panic!("{layer:#?}") };
    let docs: Vec<_> = list
        .body
        .iter()
        .flat_map(|body| &body.items)
        .map(|item| if let ListItem::Entry(e) = item { e.doc.as_deref() } else { None })
        .collect();
    assert_eq!(docs, [Some("about a"), Some("about b"), None]);
}

#[test]
fn items() {
    let file = read(
        "import std.jupyter # c\nimport \"layers/*.jenv\" as grid\nlet rucio = ==39.2.0\nlet v = 3.10\nfragment f(a, b = 1.0) { }\nreplace installer pip { }\nrepo egi apt { key = \"k\" }\noutput dockerfiles { dir = \"images\" }\nprofile dev { title = \"x\" }\n",
    )
    .file;
    assert_eq!(file.items.len(), 9);
    let File { items } = file;
    assert!(matches!(&items[3], Item::Let(v) if matches!(&v.value, Value::Number(n) if n.node == "3.10")));
    assert!(matches!(&items[4], Item::Definition(d) if d.parameters.len() == 2 && d.parameters[1].default.is_some()));
    assert!(matches!(&items[5], Item::Definition(d) if d.replace.is_some()));
    assert!(matches!(&items[6], Item::Definition(d) if d.words[0].node == "apt"));
}

/// The first block of a page under a heading.
fn block<'p>(page: &'p str, heading: &str) -> &'p str {
    let part = page.split(&format!("## {heading}")).nth(1).expect(heading);
    let block = part.split("```jenv").nth(1).expect("a block");
    block.split_once('\n').and_then(|(_, block)| block.split_once("```")).expect("an end").0
}

#[test]
fn the_pages_of_the_codes_tell_the_truth() {
    // J0001 is about bytes.
    for code in crate::diagnostics::ALL_CODES.iter().filter(|code| code.id.starts_with("J00") && code.id != "J0001") {
        let fails = parse(FileId(0), block(code.page, "Fails"));
        let found: Vec<_> = fails.findings.iter().map(|finding| finding.code.id).collect();
        assert!(!found.is_empty() && found.iter().all(|id| *id == code.id), "{}: {found:?}", code.id);
        let passes = block(code.page, "Passes");
        read(passes);
    }
}

#[test]
fn the_page_of_the_language_shows_programs() {
    let page = include_str!("../../../grammar/README.md");
    let programs: Vec<_> = page.split("```jenv\n").skip(1).filter_map(|part| part.split_once("```")).collect();
    assert!(programs.len() >= 3);
    for (program, _) in programs {
        assert!(read(program).file.items.len() >= 3, "{program}");
    }
}
