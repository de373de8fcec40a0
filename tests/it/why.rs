//! `jenvc why`: who asks for a package, what is left, and what one more constraint would break.

use serde_json::Value;

use crate::support::{Ran, Workplace};

const PROGRAM: &str = r#"project demo { registry = "ghcr.io/demo" }

image base {
  matrix python = [3.12, 3.13]
  ref    = "quay.io/jupyter/base-notebook"
  digest = "sha256:2f0e1c0f8b7a4f7d9c3e5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f809"
  provides { conda { pytorch 2.5.1  python {{ python }}.* } }
}

layer tools {
  from base
  pip { httpx >=0.27, <1  because "its new client" }
  when python >= 3.13 { pip { idna <4 } }
}

layer plotting {
  pip { httpx >=0.28 }
}

environment default {
  from tools
  profile { title = "Default"  default = true }
}

environment plots {
  from tools / plotting
  profile { title = "Plots"  choose = [python] }
}

hub demo { chart = 4.4  namespace = "jhub" }
"#;

fn place() -> Workplace {
    Workplace::with([("main.jenv", PROGRAM)])
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn voices_come_from_the_root_up_with_their_reasons() {
    let ran = place().run(&["why", "plots", "httpx"]);
    assert_eq!((ran.status, ran.error.as_str()), (0, ""));
    let expected = "httpx in all 2 cells of plots

  tools                  wants httpx >=0.27, <1 (pip)  main.jenv:12
                         because its new client
  plots: layer plotting  wants httpx >=0.28 (pip)      main.jenv:17

  left: httpx >=0.28, <1 from pip
";
    assert_eq!(ran.out, expected);
}

#[test]
fn cells_that_say_otherwise_are_told_apart() {
    let place = place();
    let ran = place.run(&["why", "tools", "idna"]);
    assert!(ran.out.contains("idna in tools (py3.12)\n  nothing in the stack names it"), "{}", ran.out);
    assert!(ran.out.contains("idna in tools (py3.13)\n\n  tools  wants idna <4 (pip)"), "{}", ran.out);
    let one = place.run(&["why", "tools", "idna", "--cell", "python=3.13"]);
    assert!(!one.out.contains("py3.12"), "{}", one.out);
    assert_eq!(place.run(&["why", "tools", "idna", "--cell", "python=3.1"]).status, 64);
}

#[test]
fn a_package_answers_to_the_names_of_all_managers() {
    let ran = place().run(&["why", "tools", "torch", "--format", "json"]);
    let value = json(&ran);
    let voice = &value["answers"][0]["voices"][0];
    assert_eq!((voice["name"].as_str(), voice["constraint"].as_str()), (Some("pytorch"), Some("==2.5.1")), "{value:#}");
    let ran = place().run(&["why", "tools", "pytorch", "--if", "torch ==2.6", "--format", "json"]);
    assert_eq!((ran.status, json(&ran)["findings"][0]["code"].as_str()), (0, Some("J0407")));
}

#[test]
fn a_supposition_tells_what_it_breaks_and_where() {
    let place = place();
    let ran = place.run(&["why", "tools", "httpx", "--if", "<0.28"]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.starts_with("error[J0401]: no version of `httpx` is both `>=0.28` and `<0.28`\n"), "{}", ran.out);
    let end = "`pip { httpx <0.28 }` in `tools` breaks 2 of 4 cells\n  plots (py3.12)\n  plots (py3.13)\non the menu: plots\n\
        left: httpx >=0.27, <0.28 from pip\nleft: no version of httpx from pip\nrebuilds 4 images\n";
    assert!(ran.out.ends_with(end), "{}", ran.out);
    assert_eq!(place.read("main.jenv"), PROGRAM);
    let ran = place.run(&["why", "tools", "httpx", "--if", "httpx !=0.28.0"]);
    assert_eq!(
        (ran.status, ran.out.as_str()),
        (
            0,
            "`pip { httpx !=0.28.0 }` in `tools` breaks nothing\n\
        left: httpx >=0.27, <1, !=0.28.0 from pip\nleft: httpx >0.28.0, <1 from pip\nrebuilds 4 images\n"
        )
    );
    place.write("main.jenv", PROGRAM.to_owned() + "layer odd {\n  from tools\n  pip { httpx ==0.1 }\n}\n");
    let ran = place.run(&["why", "tools", "httpx", "--if", "httpx !=0.28.0"]);
    assert!(ran.out.starts_with("`pip { httpx !=0.28.0 }` in `tools` breaks nothing more: the program has 1 error already\n"), "{ran:?}");
    place.write("main.jenv", PROGRAM);
    let value = json(&place.run(&["why", "tools", "httpx", "--if", "<0.28", "--format", "json"]));
    assert_eq!((value["breaks"].as_bool(), value["menu"][0].as_str()), (Some(true), Some("plots")), "{value:#}");
    assert_eq!(value["cells"][1], serde_json::json!({ "environment": "plots", "axes": { "python": "3.13" } }));
}

#[test]
fn what_can_not_be_supposed_is_wrong_usage() {
    let place = place();
    for entry in ["httpx =>1", "httpx >=1 } run \"x\"", "httpx 1.0", "newest please"] {
        let ran = place.run(&["why", "tools", "httpx", "--if", entry]);
        assert_eq!((ran.status, ran.out.as_str()), (64, ""), "{entry}: {}", ran.error);
    }
    assert!(place.run(&["why", "tolls", "httpx"]).error.contains("did you mean `tools`?"));
    assert!(place.run(&["why", "tools", "httpy"]).out.contains("did you mean `httpx`?"));
}

#[test]
fn questions_may_be_asked_of_a_program_with_conflicts() {
    let place = Workplace::with([("main.jenv", PROGRAM.replace(">=0.28 }", ">=1.2 }"))]);
    assert_eq!(place.run(&["check"]).status, 1);
    let ran = place.run(&["why", "plots", "httpx"]);
    assert_eq!(ran.status, 0);
    assert!(ran.out.ends_with("  left: no version of httpx from pip\n"), "{}", ran.out);
}

#[test]
fn a_package_alone_is_looked_for_in_the_whole_program() {
    let ran = place().run(&["why", "httpx"]);
    let expected = [
        "httpx in all 2 cells of tools\n",
        "tools  wants httpx >=0.27, <1 (pip)  main.jenv:12",
        "httpx in all 2 cells of plots\n",
        "plots: layer plotting  wants httpx >=0.28 (pip)      main.jenv:17",
    ];
    assert!(ran.status == 0 && expected.iter().all(|text| ran.out.contains(text)), "{ran:?}");
    assert_eq!(place().run(&["why", "httpx", "main.jenv"]).out, ran.out);
    assert!(place().run(&["why", "httpy"]).out.contains("did you mean `httpx`?"));
    assert_eq!(place().run(&["why", "httpx", "--if", "<1"]).status, 64);
}

#[test]
fn an_environment_without_steps_is_known_by_its_name() {
    let (without_hub, _) = PROGRAM.split_once("hub demo").expect("a hub at the end");
    let ran = Workplace::with([("main.jenv", without_hub)]).run(&["why", "default", "httpx"]);
    assert!(ran.status == 0 && ran.out.contains("because its new client"), "{ran:?}");
}
