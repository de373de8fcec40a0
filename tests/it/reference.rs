//! The reference: every word of the language has a page, the page an example that compiles, and `docs/reference/` holds the
//! pages that `jenvc explain` prints.

use std::fmt::Write as _;
use std::fs;

use jenvc::base::MemoryFiles;
use jenvc::diagnostics::Severity;
use jenvc::driver::compile_with;
use jenvc::syntax::words::{Form, Found, Room, Word, address, page, pages, room_page};

use crate::pages::policy;
use crate::support::{Workplace, files_under, project, text};

/// All words, each with the room of its page.
pub(crate) fn all() -> Vec<Found> {
    pages("", true)
}

const PROJECT: &str =
    r#"project demo { registry = "ghcr.io/demo"  source = "https://github.com/demo/images"  platforms = ["linux/amd64"] }"#;
const BASE: &str = r#"image base {
  matrix python = [3.11, 3.12]
  ref    = "quay.io/jupyter/base-notebook"
  tag    = "python-{{ python }}"
  prefix = "/opt/conda"
  os     = "ubuntu 24.04"
  user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }
  env { CONDA_DIR = "/opt/conda" }
  provides { conda { python {{ python }}.*  jupyterhub 5.5.0  jupyterlab 4.4.0 } }
}"#;
const TOOLS: &str = r#"fragment tools { apt { curl  tree } }
repo egi apt { key = "https://example.org/key.asc"  line = "deb https://example.org stable main" }
output dockerfiles { dir = "images" }"#;
const LAB: &str = "environment lab { from base  run \"true\"  profile { title = \"Lab\"  default = true } }";
const HUB: &str = "hub main { chart = 4.4  namespace = \"jhub\" }";
const MENU: &str = "output configmap { path = \"deploy/menu.yaml\"  hub = main  name = \"menu\" }";

/// The image with one Python.
fn base() -> String {
    BASE.replace("  matrix python = [3.11, 3.12]\n", "").replace("python {{ python }}.*", "python >=3.11").replace("{{ python }}", "3.12")
}

fn in_layer(steps: &str) -> String {
    format!("{PROJECT}\n{}\n{TOOLS}\nlayer lab {{ from base\n{steps}\n}}", base())
}

fn in_entry((room, word): Found) -> String {
    let own = |name: &str, line: &str| if room == Room::Profile && word.name == name { String::new() } else { format!("{line}\n") };
    let (title, default) = (own("title", "title = \"Lab {{ python }}\""), own("default", "default = true"));
    let profile = format!("profile {{ {title}{default}{} }}", word.example);
    let form = if word.example.contains("dynamic_image_building") { "form = fancy  chart" } else { "chart" };
    let hub = HUB.replacen("chart", form, 1);
    format!("{PROJECT}\n{BASE}\nenvironment lab {{ from base  run \"true\"\n{profile} }}\n{hub}\n{MENU}")
}

fn at_the_top(word: &Word) -> String {
    let (base, example) = (base(), word.example);
    match word.name {
        "project" => format!("{example}\n{base}\n{LAB}"),
        "hub" => format!("{PROJECT}\n{base}\n{LAB}\n{example}\noutput configmap {{ name = \"menu\" }}"),
        "environment" => format!("{PROJECT}\n{base}\n{example}"),
        _ => format!("{PROJECT}\n{base}\n{LAB}\n{HUB}\n{MENU}\n{example}"),
    }
}

fn in_hub(word: &Word) -> String {
    let chart = if ["chart", "from"].contains(&word.name) { "" } else { "chart = 4.4\n" };
    format!("{PROJECT}\n{}\n{LAB}\nhub base_hub {{ chart = 4.4 }}\nhub main {{ {chart}{} }}\n{MENU}", base(), word.example)
}

/// With the outputs that the workflow builds from.
fn in_output((room, word): Found, kind: &str) -> String {
    let path = if room == Room::OutputMenu && word.name != "path" { "path = \"menu.yaml\"\n" } else { "" };
    let needed: Vec<&str> = ["output dockerfiles { }", "output bake { }"].into_iter().filter(|other| !other.contains(kind)).collect();
    let output = if room == Room::Output { word.example.to_owned() } else { format!("output {kind} {{ {path}{} }}", word.example) };
    format!("{PROJECT}\n{}\n{LAB}\n{HUB}\n{}\n{output}", base(), needed.join("\n"))
}

fn in_installer((room, word): Found) -> String {
    let example = if room == Room::Installer { word.example.to_owned() } else { format!("option locked {{ {} }}", word.example) };
    let needed = ["versions", "command", "item"].into_iter().filter(|field| *field != word.name);
    let fields: Vec<&str> = needed.filter_map(|name| Room::Installer.field(name)).map(|word| word.example).collect();
    format!("{}\ninstaller cargo {{ {}\n{example} }}", in_layer("cargo { ripgrep }"), fields.join("\n"))
}

/// A program around an example: what its block needs besides.
pub(crate) fn program(found: Found) -> String {
    let (room, word) = found;
    let (base, example) = (base(), word.example);
    let without = |names: &[&str], line: &'static str| if names.contains(&word.name) { "" } else { line };
    match room {
        Room::Top => at_the_top(word),
        Room::Project => format!("project demo {{ {}{example} }}\n{base}\n{LAB}", without(&["registry"], "registry = \"ghcr.io/demo\"\n")),
        Room::Image => {
            let user = if ["uid", "home"].contains(&word.name) { "user = jovyan\n" } else { "" };
            let own = without(&["ref"], "ref = \"quay.io/jupyter/base-notebook\"\n");
            format!("{PROJECT}\nimage base {{ {own}{user}{example} }}\n{LAB}")
        }
        Room::Layer if word.name == "from" => in_layer("run \"true\""),
        Room::Layer if word.name == "profile" => {
            format!("{PROJECT}\n{base}\nenvironment lab {{ from base\nrun \"true\"\n{example} }}\n{HUB}\n{MENU}")
        }
        _ if word.name == "image" => format!("{PROJECT}\n{base}\n{LAB}\nprofile dev {{ title = \"Dev\"  {example} }}\n{HUB}\n{MENU}"),
        Room::Profile | Room::NamedProfile | Room::Choice | Room::Gpu | Room::MenuOption | Room::Building | Room::Unlisted => {
            in_entry(found)
        }
        Room::Hub | Room::Defaults => in_hub(word),
        Room::Output => in_output(found, word.name),
        Room::OutputDockerfiles => in_output(found, "dockerfiles"),
        Room::OutputBake => in_output(found, "bake"),
        Room::OutputWorkflow => in_output(found, "workflow"),
        Room::OutputMenu => in_output(found, "configmap"),
        Room::OutputCatalog => in_output(found, "catalog"),
        Room::Installer | Room::InstallerOption => in_installer(found),
        Room::Repo => {
            let line = without(&["line"], "line = \"deb https://example.org stable main\"\n");
            let key = if word.name == "sha256" { "key = \"https://example.org/key.asc\"\n" } else { "" };
            format!("{}\nrepo mine apt {{ {line}{key}{example} }}", in_layer("apt from mine { curl }"))
        }
        _ => in_layer(example),
    }
}

/// The files that examples read.
pub(crate) fn files(program: String) -> MemoryFiles {
    let mut files: MemoryFiles = [("main.jenv", program)].into_iter().collect();
    files.insert("notes.txt", "notes\n", false);
    files.insert("x.conf", "\n", false);
    files.insert("layers.jenv", "layer more { apt { less } }\n", false);
    files.insert("requirements.txt", "httpx==0.28.1\n", false);
    files.insert("packages.json", "[{\"name\": \"httpx\", \"version\": \"0.28.1\"}]", false);
    files.insert("x-1.0-py3-none-any.whl", "", false);
    files.insert("release.yaml", "kind: HelmRelease\n", false);
    files
}

#[test]
fn every_example_compiles() {
    let mut wrong = Vec::new();
    for found in all() {
        let program = program(found);
        let outcome = compile_with(&files(program.clone()), "main.jenv", &policy());
        let errors = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<String> = errors.map(|finding| format!("{} {}", finding.code.id, finding.message)).collect();
        if !errors.is_empty() {
            wrong.push(format!("{}: {errors:?}\n{program}\n", address(found)));
        }
    }
    assert!(wrong.is_empty(), "{} examples fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_unknown_word_in_place_of_each_is_reported() {
    for found in all().into_iter().filter(|(_, word)| matches!(word.form, Form::Field | Form::Statement)) {
        let (room, word) = found;
        // Choices and tags are named freely, what is behind a statement is read with it.
        if matches!(room, Room::MenuOption | Room::Building | Room::Tags | Room::Output | Room::Top | Room::Gpu) || word.name == "from" {
            continue;
        }
        let example = word.example.replacen(word.name, "frobnicated", 1);
        let strange = Word { example: Box::leak(example.into_boxed_str()), ..*word };
        let strange: &'static Word = Box::leak(Box::new(strange));
        let outcome = compile_with(&files(program((room, strange))), "main.jenv", &policy());
        assert!(outcome.findings.has_errors(), "{}: nothing is said of an unknown word", address(found));
    }
}

/// The pages of the reference, by path.
fn reference() -> Vec<(String, String)> {
    let mut index = "# Reference\n\nEvery word of the language. `jenvc explain WORD` prints the same pages.\n\n".to_owned();
    let mut all = Vec::new();
    for room in Room::all() {
        let Some(page) = room_page(room) else { continue };
        let words: Vec<String> =
            pages("", true).into_iter().filter(|(home, _)| *home == room).map(|(_, word)| format!("`{}`", word.name)).collect();
        let heading = page.lines().next().unwrap().trim_start_matches("# ");
        writeln!(index, "- [{heading}]({}.md): {}", room.name(), words.join(", ")).unwrap();
        all.push((format!("docs/reference/{}.md", room.name()), page));
    }
    all.push(("docs/reference/README.md".to_owned(), index));
    all
}

#[test]
fn the_reference_is_what_explain_prints() {
    let pages = reference();
    if std::env::var_os("JENVC_BLESS").is_some() {
        fs::create_dir_all(project().join("docs/reference")).unwrap();
        for (path, page) in &pages {
            fs::write(project().join(path), page).unwrap();
        }
    }
    for (path, page) in &pages {
        assert_eq!(&text(path), page, "{path}: `JENVC_BLESS=1 cargo test --test it reference` writes it");
    }
    let extra: Vec<String> = files_under("docs/reference").into_iter().filter(|file| !pages.iter().any(|(path, _)| path == file)).collect();
    assert!(extra.is_empty(), "no room has these pages: {extra:?}");
}

#[test]
fn explain_finds_words_and_findings() {
    let place = Workplace::new();
    let explain = |word: &str| place.run(&["explain", word]);
    assert!(explain("fetch").out.starts_with("# fetch\n"));
    let memory = explain("profile.memory").out;
    assert!(memory.contains("`mem_guarantee` and `mem_limit`") && memory.contains("```jenv\nmemory = 2G..4G\n```"), "{memory}");
    assert!(explain("J0506").out.starts_with("# J0506") && explain("too-many-cells").out.starts_with("# J0506"));
    let cells = explain("cells").out;
    assert!(cells.contains("J0506") && cells.contains("no-cells"), "{cells}");
    assert!(explain("sha256").out.contains("fetch.sha256") && explain("sha256").out.contains("build.sha256"));
    let unknown = explain("fetsch");
    assert_eq!((unknown.status, unknown.error.as_str()), (64, "error: there is no word or finding `fetsch`; did you mean `fetch`?\n"));
    // Words of other tools, traits, other spellings; a part of a name begins with one of its words.
    assert!(explain("mamba").out.contains("write `conda { dask }`") && explain("mamba").out.contains("# conda\n"));
    assert!(explain("tolerations").out.contains("write `override { tolerations = … }`"));
    assert!(explain("pull-secret").out.starts_with("# hub.pull_secrets\n"));
    assert!(explain("volumes").out.contains("in a hub: write `defaults"));
    assert!(explain("ram").out.contains("# profile.memory") && explain("xyzzy").status == 64);
    for found in all() {
        assert_eq!(page(found, 1).lines().next(), Some(format!("# {}", address(found)).as_str()));
    }
}
