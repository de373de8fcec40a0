//! Pages of small programs, and what no text of a program may do to them.

use proptest::prelude::*;

use super::html;
use super::page::Page;
use super::{markdown, read};
use crate::base::MemoryFiles;
use crate::driver::compile;
use crate::emit::Artifact;
use crate::ir::fixture::{choice, option, profile, program, sized, text};
use crate::ir::{CatalogFormat, CatalogOutput, Ecosystem, Package, PackageSource, Program, Wanted};
use crate::versions::{Constraint, Scheme};

/// A family with something of everything that the page shows.
const FAMILY: &str = include_str!("family.jenv");

fn pages(source: &str) -> Vec<Artifact> {
    let files: MemoryFiles = [("main.jenv", source)].into_iter().collect();
    let outcome = compile(&files, "main.jenv");
    assert!(!outcome.findings.has_errors(), "{:#?}", outcome.findings);
    outcome.artifacts
}

fn page_of(source: &str, path: &str) -> String {
    pages(source).into_iter().find(|artifact| artifact.path == path).map(|artifact| artifact.text).unwrap_or_default()
}

#[test]
fn a_family_is_told_as_markdown() {
    insta::assert_snapshot!(page_of(FAMILY, "docs/environments.md"));
}

#[test]
fn a_page_for_one_hub_holds_its_menu_and_what_is_underneath() {
    let page = page_of(FAMILY, "docs/staging.md");
    assert!(page.contains("### <a id=\"environment-default\"></a>Default\n"), "{page}");
    for other in ["Machine learning", "## Further images", "image-ml", "on production", "on staging"] {
        assert!(!page.contains(other), "{other}: {page}");
    }
}

/// The words of a page for browsers, without its style and script.
fn body(page: &str) -> &str {
    let from = page.find("<body>").unwrap();
    &page[from..page.find("<script>").unwrap()]
}

#[test]
fn a_family_is_told_as_html() {
    let page = page_of(FAMILY, "docs/environments.html");
    assert!(page.starts_with("<!doctype html>\n<!-- Written by jenvc from main.jenv: change it there and run `jenvc build`. -->\n"));
    insta::assert_snapshot!(body(&page));
}

#[test]
fn a_page_loads_nothing() {
    let page = page_of(FAMILY, "docs/environments.html");
    for way in [" src=", "@import", "url(", "<link", "<iframe", "<object", "fetch(", "XMLHttp"] {
        assert!(!page.contains(way), "{way}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn every_link_leads_somewhere() {
    for artifact in pages(FAMILY) {
        let named = |mark: &str, end: char| -> Vec<String> {
            artifact.text.split(mark).skip(1).filter_map(|rest| rest.split(end).next()).map(str::to_owned).collect()
        };
        let places = named("id=\"", '"');
        let links: Vec<_> = named("href=\"#", '"').into_iter().chain(named("](#", ')')).collect();
        assert!(links.len() > 3, "{}", artifact.path);
        for link in links {
            assert!(places.contains(&link), "{}: #{link} leads nowhere", artifact.path);
        }
        let mut once = places.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), places.len(), "{}: an anchor is there twice", artifact.path);
    }
}

#[test]
fn an_empty_program_has_a_page() {
    let source = "project demo { registry = \"ghcr.io/demo\" }\noutput catalog { path = \"x.html\" }\noutput catalog { path = \"x.md\" }\n";
    for artifact in pages(source) {
        assert!(artifact.text.contains("Environments of demo"), "{}", artifact.text);
    }
}

/// A menu in which every text is the given one.
fn saying(words: &str) -> Program {
    let mut entry = profile("one");
    entry.title = text(words);
    entry.description = Some(text(words));
    entry.definition = words.to_owned();
    entry.groups = vec![text(words)];
    let mut large = choice("large", sized(8, 32));
    large.title = text(words);
    large.description = Some(text(words));
    entry.options = vec![option(words, vec![large])];
    let mut program = program(vec![entry]);
    words.clone_into(&mut program.project.name);
    let wanted = Wanted {
        manager: words.into(),
        ecosystem: Ecosystem::Pypi,
        scheme: Scheme::Pep440,
        name: words.to_owned(),
        normal: words.to_owned(),
        extras: vec![words.to_owned()],
        constraint: Constraint::default(),
        provided: false,
        pin: None,
        overrides: true,
        because: Some(words.to_owned()),
        until: None,
        source: PackageSource::Path(words.to_owned()),
        index: Some(words.to_owned()),
        besides: Vec::new(),
        environment: Some(words.to_owned()),
        no_deps: false,
    };
    let package = Package::new(wanted, crate::base::Place::default());
    for cell in &mut program.cells {
        std::rc::Rc::make_mut(&mut cell.recipe).packages = vec![package.clone()];
    }
    for image in &mut program.images {
        image.doc = Some(words.to_owned());
        image.title = words.to_owned();
    }
    program
}

fn read_page(program: &Program) -> Page {
    let origin = crate::base::Place::default();
    read::page(program, &CatalogOutput { path: "x.html".to_owned(), format: CatalogFormat::Html, title: None, hub: None, origin })
}

/// Everything from `<` to `>`.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

/// How many lines begin with each of Markdown's marks.
fn lines(page: &str) -> Vec<&str> {
    page.lines().map(|line| line.split(' ').next().unwrap()).filter(|word| ["#", "##", "###", "-", "|", ""].contains(word)).collect()
}

proptest! {
    #[test]
    fn no_text_changes_the_page(words in "[a-z<>&\"'`|\\\\*_\\[\\]#!~$.{}%)(=+-]{1,16}|\\PC{1,12}") {
        let plain = saying("plain");
        let hostile = saying(&format!("x{words}"));
        let (one, other) = (html::write(&read_page(&plain)), html::write(&read_page(&hostile)));
        prop_assert_eq!(tags(body(&one)), tags(body(&other)));
        let (one, other) = (markdown::write(&read_page(&plain)), markdown::write(&read_page(&hostile)));
        prop_assert_eq!(lines(&one), lines(&other));
    }
}
