//! Names, axes and cells: what is built from a program, under which names and tags.

use std::collections::BTreeMap;

use jenvc::base::MemoryFiles;
use jenvc::driver::{Outcome, compile};
use serde_json::Value;

/// The head of a program: a project and an image with an account.
const HEAD: &str = r#"project demo { registry = "ghcr.io/demo"  source = "https://github.com/demo/images" }
image notebook {
  ref    = "quay.io/jupyter/base-notebook"
  digest = "sha256:4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f"
  user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }
}
output dockerfiles { dir = "images" }
output bake { path = "docker-bake.json" }
"#;

fn compiled(program: &str) -> Outcome {
    let files: MemoryFiles = [("main.jenv", format!("{HEAD}{program}"))].into_iter().collect();
    compile(&files, "main.jenv")
}

/// The artifacts of a program without errors, by path.
fn artifacts(program: &str) -> BTreeMap<String, String> {
    let outcome = compiled(program);
    let messages: Vec<_> = outcome.findings.iter().map(|finding| finding.message.clone()).collect();
    assert!(outcome.checked.is_some(), "{messages:?}");
    outcome.artifacts.into_iter().map(|artifact| (artifact.path, artifact.text)).collect()
}

/// The repositories and tags that the bake file builds, without the digits of the tags.
fn tags(program: &str) -> Vec<String> {
    let bake: Value = serde_json::from_str(&artifacts(program)["docker-bake.json"]).unwrap();
    let targets = bake["target"].as_object().unwrap().iter();
    let mut all: Vec<String> = targets
        .filter_map(|(name, target)| Some((target["tags"][0].as_str()?, bake["tag"][name].as_str()?)))
        .map(|(reference, tag)| {
            let repository = reference.split_once(":${tag").unwrap().0;
            let readable = tag.rsplit_once('-').map_or("", |(readable, _)| readable);
            format!("{repository}:{readable}")
        })
        .collect();
    all.sort();
    all
}

/// The messages of a program.
fn messages(program: &str) -> Vec<String> {
    compiled(program).findings.sorted().into_iter().map(|finding| finding.message).collect()
}

#[test]
fn linked_axes_may_repeat_a_value() {
    let link = |values: &str| format!("layer lab {{ from notebook  link {{ {values} }}  env {{ A = \"{{{{ r }}}} on {{{{ os }}}}\" }} }}");
    let all = tags(&link(r#"r = [4.2, 4.3]  os = ["jammy", "noble"]"#));
    assert_eq!(all, ["ghcr.io/demo/lab:r4.2", "ghcr.io/demo/lab:r4.3"]);
    // The first axis does not tell all points apart, so that the name has the second one, too.
    let all = tags(&link(r#"os = ["jammy", "jammy", "noble"]  r = [4.2, 4.3, 4.4]"#));
    assert_eq!(all, ["ghcr.io/demo/lab:jammy-r4.2", "ghcr.io/demo/lab:jammy-r4.3", "ghcr.io/demo/lab:noble-r4.4"]);
    let found = messages(&link(r#"os = ["jammy", "jammy"]  r = [4.2, 4.2]"#));
    assert!(found.iter().any(|message| message == "the linked axes have the values `os = jammy, r = 4.2` twice"), "{found:?}");
}

#[test]
fn a_map_is_indexed_by_the_value_of_an_axis() {
    for key in ["day[r]", "day['4.2'] ~ day[r]", "day[r] if r in day else 'none'"] {
        let program = format!(
            "let day = {{ \"4.2\" = \"march\"  4.3 = \"may\" }}\n\
             layer lab {{ from notebook  matrix r = [4.2, 4.3]\n env {{ D = \"{{{{ {key} }}}}\" }} }}"
        );
        let text = artifacts(&program).into_values().collect::<String>();
        assert!(text.contains("march") && text.contains("may"), "{key}: {text}");
    }
}

#[test]
fn several_only_of_one_definition_unite() {
    let lab =
        "layer lab { from notebook  matrix python = [3.10, 3.11, 3.12]\n variant a { env { X = \"a\" } }  variant b { env { X = \"b\" } }";
    let all = tags(&format!("{lab}  only {{ python = 3.10 }}  only {{ python = 3.12, variant = b }} }}"));
    assert_eq!(all, ["ghcr.io/demo/lab:py3.10-a", "ghcr.io/demo/lab:py3.10-b", "ghcr.io/demo/lab:py3.12-b"]);
    // Those of two definitions must both hold.
    let all = tags(&format!(
        "{lab} }}\n\
         layer top {{ only {{ python = [3.10, 3.11] }}  run \"true\" }}\n\
         environment e {{ from lab / top  only {{ variant = a }}  only {{ python = 3.11 }} }}"
    ));
    assert!(
        all.contains(&"ghcr.io/demo/e:py3.11-b".to_owned()) && !all.iter().any(|tag| tag.starts_with("ghcr.io/demo/e:py3.12")),
        "{all:?}"
    );
}

#[test]
fn fields_of_an_image_may_differ_by_variant_and_condition() {
    let image = r#"image base {
  matrix python = [3.11, 3.12]
  ref = "quay.io/example/base"
  tag = "plain-{{ python }}"
  variant cpu  { }
  variant cuda { when python == 3.12 {
    tag = "cuda-{{ python }}"
    digest = "sha256:77a077a077a077a077a077a077a077a077a077a077a077a077a077a077a077a0" } }
  exclude { python = 3.11, variant = cuda }
}
layer lab { from base  run "true" }"#;
    let text = artifacts(image).into_values().collect::<String>();
    assert!(text.contains("base:plain-3.11") && text.contains("base:plain-3.12") && text.contains("@sha256:77a0"), "{text}");
    let found = messages(&image.replace("when python == 3.12 {", "when platform == \"linux/arm64\" {"));
    assert!(found.contains(&"`tag` of an image can't depend on the platform".replace(" of an image", "")), "{found:?}");
}

#[test]
fn a_cell_has_its_own_repository_and_its_exact_tags() {
    let lab = r#"layer lab {
  from notebook
  matrix python = [3.11, 3.12]
  variant cpu    { env { X = "1" } }
  variant cuda12 { repository = "quay.io/other/lab-cuda-{{ python }}"  env { X = "2" } }
  tags { exact "{{ python }}-{{ variant }}" }
}
output workflow { path = ".github/workflows/images.yml" }"#;
    let all = tags(lab);
    assert_eq!(
        all,
        [
            "ghcr.io/demo/lab:py3.11-cpu",
            "ghcr.io/demo/lab:py3.12-cpu",
            "quay.io/other/lab-cuda-3.11:py3.11-cuda12",
            "quay.io/other/lab-cuda-3.12:py3.12-cuda12"
        ]
    );
    let scripts = artifacts(lab).into_iter().find(|(path, _)| path.contains("lab") && path.contains("tags")).unwrap().1;
    assert!(scripts.contains("lab-py3-11-cuda12) echo 3.11-cuda12"), "{scripts}");
    let found = messages(&lab.replace("{{ python }}-{{ variant }}", "one"));
    assert_eq!(found, ["the cells `py3.11-cpu` and `py3.12-cpu` of `lab` both claim `ghcr.io/demo/lab:one`"]);
}

#[test]
fn the_name_of_a_shared_prefix_stays_when_another_image_uses_it() {
    let layers = ["a", "b", "c", "d"].map(|name| format!("layer {name} {{ run \"echo {name}\" }}\n")).concat();
    let prefixes = |stacks: &str| {
        let mut all = tags(&format!("{layers}{stacks}"));
        all.retain(|tag| tag.contains("notebook"));
        all
    };
    let two = "environment one { from notebook / a / b / c }\nenvironment two { from notebook / a / b / d }\n";
    assert_eq!(prefixes(two), ["ghcr.io/demo/notebook-b:"]);
    let three = format!("{two}environment three {{ from notebook / a / c }}\n");
    assert_eq!(prefixes(&three), ["ghcr.io/demo/notebook-a:", "ghcr.io/demo/notebook-b:"]);
    // A prefix that is an environment is that environment's image, and the names of others do not follow.
    let whole = format!("{two}environment whole {{ from notebook / a }}\nenvironment again {{ from notebook / a }}\n");
    assert_eq!(tags(&format!("{layers}{whole}")), ["notebook-b", "one", "two", "whole"].map(|name| format!("ghcr.io/demo/{name}:")));
}
