//! What is guessed, asked and written.

use clap::ValueEnum;

use super::super::args::PublishedImage;
use super::*;

fn answers() -> Answers {
    Answers {
        name: "classes".to_owned(),
        registry: "ghcr.io/example".to_owned(),
        source: None,
        base: PublishedImage::default(),
        workflow: false,
        below: String::new(),
        branch: None,
        pre_commit: false,
    }
}

#[test]
fn every_first_program_compiles_without_a_finding() {
    for base in PublishedImage::value_variants() {
        for workflow in [false, true] {
            let source = workflow.then(|| "https://github.com/example/environments".to_owned());
            let (below, branch) = (if workflow { "env" } else { "" }.to_owned(), Some("master").filter(|_| workflow));
            let text = program(&Answers { base: *base, workflow, source, below, branch, ..answers() }).unwrap();
            let files: MemoryFiles = [(MAIN, &text)].into_iter().collect();
            let findings: Vec<_> = compile(&files, MAIN).findings.iter().map(|finding| finding.message.clone()).collect();
            assert!(findings.is_empty(), "{findings:?}\n{text}");
            assert_eq!(format(&text, &parse(crate::base::FileId::default(), &text)), text);
        }
    }
}

#[test]
fn a_program_that_would_not_compile_is_not_written() {
    let refused = program(&Answers { registry: "GHCR.io/Ex ample".to_owned(), ..answers() });
    assert!(refused.is_err(), "{refused:?}");
}

#[test]
fn remotes_are_read() {
    for url in ["git@github.com:Vre-hub/envs.git", "https://github.com/Vre-hub/envs", "ssh://git@github.com/Vre-hub/envs.git"] {
        let remote = guess::read(url).unwrap();
        assert_eq!((remote.registry.as_str(), remote.source.as_str()), ("ghcr.io/vre-hub", "https://github.com/Vre-hub/envs"), "{url}");
    }
    assert_eq!(guess::read("https://gitlab.com/a/b/c.git").unwrap().registry, "registry.gitlab.com/a/b/c");
    assert_eq!(guess::read("https://example.org/a/b"), None);
    assert_eq!(guess::read("../elsewhere"), None);
}

#[test]
fn questions_are_asked_until_the_answer_will_do() {
    let mut said = Vec::new();
    let typed = "\nnonsense\nghcr.io/me\nno-such\nr\ny\nwhat\n\n";
    let given = ask::ask(Answers { registry: String::new(), ..answers() }, &mut typed.as_bytes(), &mut said).unwrap();
    let wanted = Answers { registry: "ghcr.io/me".to_owned(), base: PublishedImage::R, workflow: true, ..answers() };
    assert_eq!(given, wanted);
    let said = String::from_utf8(said).unwrap();
    assert!(said.starts_with("What is the project called? [classes] Which registry"), "{said}");
    assert!(ask::ask(answers(), &mut "".as_bytes(), &mut Vec::new()).is_err());
}
