//! What a program says, and the Dockerfile that comes of it: what a reader of the program relies on.

use jenvc::base::MemoryFiles;
use jenvc::driver::{Outcome, compile};

const BASE: &str = r#"
project demo { registry = "ghcr.io/demo"  source = "https://github.com/demo/images" }
image notebook {
  ref    = "quay.io/jupyter/base-notebook"
  digest = "sha256:4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f"
  prefix = "/opt/conda"
  user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }
}
output dockerfiles { dir = "images" }
output bake { path = "docker-bake.json" }
"#;

/// Compiles a program with these statements behind an image `notebook`, and with the files that the tests copy.
fn outcome(program: &str) -> Outcome {
    let mut files = MemoryFiles::default();
    files.insert("main.jenv", format!("{BASE}{program}"), false);
    for path in ["a.txt", "b.txt", "pages/b.txt", "pages/inner/a.txt"] {
        files.insert(path, path, false);
    }
    compile(&files, "main.jenv")
}

/// The Dockerfile of the layer `lab`, from the line behind its labels.
fn dockerfile(layer: &str) -> String {
    artifact(&format!("layer lab {{ from notebook\n{layer}\n}}"), "images/lab/Dockerfile")
}

fn artifact(program: &str, path: &str) -> String {
    let outcome = outcome(program);
    let found = outcome.artifacts.iter().find(|artifact| artifact.path == path);
    let text = found.unwrap_or_else(|| panic!("{}", outcome.findings.iter().map(|one| one.message.clone()).collect::<String>()));
    text.text.clone()
}

#[test]
fn the_mode_of_a_file_reaches_no_new_folder() {
    let text = dockerfile("copy \"a.txt\" to \"/opt/tool/\" mode 644\ncopy \"b.txt\" to \"/opt/more/b.txt\" mode 600");
    let steps = "RUN mkdir -p /opt/tool /opt/more\nCOPY --chmod=644 a.txt /opt/tool/\nCOPY --chmod=600 b.txt /opt/more/b.txt\n";
    assert!(text.contains(steps), "{text}");
    let text = dockerfile(
        r#"fetch "https://example.org/x.jar" sha256 "abababababababababababababababababababababababababababababababab" to "/opt/jars/""#,
    );
    assert!(text.contains("RUN mkdir -p /opt/jars\nADD --chmod=644 "), "{text}");
}

#[test]
fn folders_that_are_there_are_not_made() {
    for (layer, why) in [
        (r#"copy "a.txt" to "/etc/" mode 644"#, "every image has it"),
        (r#"copy "a.txt" to "/home/jovyan/" mode 644"#, "the home"),
        (r#"copy "a.txt" to "/opt/conda/" mode 644"#, "where conda is"),
        (r#"copy "a.txt" to "/opt/tool/""#, "no mode, so nothing to keep from it"),
        (r#"copy "a.txt" to "/opt/tool/" mode 755"#, "a folder may have it"),
        ("copy \"a.txt\" to \"/opt/tool/\"\ncopy \"b.txt\" to \"/opt/tool/\" mode 644", "the first copy makes it"),
        ("workdir \"/opt/tool\"\ncopy \"a.txt\" to \"/opt/tool/\" mode 644", "the working directory"),
    ] {
        assert!(!dockerfile(layer).contains("mkdir"), "{why}: {}", dockerfile(layer));
    }
    let text = dockerfile("run as root \"mkdir -p /opt/tool\"\ncopy \"a.txt\" to \"/opt/tool/\" mode 644");
    assert_eq!(text.matches("mkdir").count(), 1, "{text}");
    let below = "layer below { from notebook  copy \"b.txt\" to \"/opt/tool/\" }";
    let above = format!("{below}\nlayer lab {{ from below  copy \"a.txt\" to \"/opt/tool/\" mode 644 }}");
    assert!(!artifact(&above, "images/lab/Dockerfile").contains("mkdir"));
}

#[test]
fn new_folders_belong_to_whom_the_files_do() {
    let text = dockerfile(r#"copy "a.txt" to "/home/jovyan/.config/tool/" owner user mode 600"#);
    assert!(text.contains("RUN mkdir -p /home/jovyan/.config/tool\nCOPY --chown=1000:100 --chmod=600"), "{text}");
    assert!(!text.contains("USER root"), "the account makes it: {text}");
    let text = dockerfile(r#"copy "a.txt" to "/opt/tool/" owner user mode 644"#);
    assert!(text.contains("USER root\nRUN { [ -d /opt/tool ] || install -d -o 1000 -g 100 /opt/tool; }\nCOPY"), "{text}");
}

#[test]
fn a_working_directory_belongs_to_the_account_behind_a_step_of_root() {
    let text = dockerfile("run as root \"ldconfig\"\nworkdir \"/scratch\"");
    assert!(text.contains("RUN ldconfig\n\nUSER 1000\nWORKDIR /scratch\n"), "{text}");
}
