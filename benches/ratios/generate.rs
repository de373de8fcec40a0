//! Programs of any size: a base, a middle layer for every hundred environments, and leaves: middle × Python × cpu or cuda,
//! 28 packages each.

use std::fmt::Write as _;

/// How the leaves are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One definition for ten environments, by axes.
    Axes,
    /// One definition each.
    Written,
}

impl Shape {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Axes => "by axes",
            Self::Written => "written out",
        }
    }
}

const PYTHONS: [&str; 5] = ["3.9", "3.10", "3.11", "3.12", "3.13"];

const PACKAGES: usize = 28;

const HEAD: &str = r#"## A program of any size.

project bench {
  registry = "ghcr.io/bench"
  source   = "https://github.com/bench/environments"
}

image root {
  ref    = "quay.io/bench/root"
  digest = "sha256:2f0e1c0f8b7a4f7d9c3e5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f809"
  user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }
}

hub bench {
  chart     = 4.4
  namespace = "bench"
}

output dockerfiles { dir = "images" }
output workflow    { path = ".github/workflows/images.yml" }
output configmap   { path = "deploy/profiles.yaml"  hub = bench  name = "profiles" }
output bake        { path = "docker-bake.json" }

layer base {
  from root
"#;

/// The text of a program with this many environments, a multiple of ten.
pub(crate) fn program(shape: Shape, environments: usize) -> String {
    let mut text = HEAD.to_owned();
    list(&mut text, "base", 0);
    text.push_str("}\n");
    for middle in 0..environments.div_ceil(100) {
        let _ = write!(text, "\nlayer middle-{middle} {{\n  from base\n  env {{ MIDDLE = \"{middle}\" }}\n");
        list(&mut text, &format!("middle{middle}"), middle);
        text.push_str("}\n");
        for leaf in 0..(environments - middle * 100).min(100) / 10 {
            match shape {
                Shape::Axes => axes(&mut text, middle, leaf),
                Shape::Written => written(&mut text, middle, leaf),
            }
        }
    }
    text
}

/// A pip list of 28 packages: exact, bounded, open.
fn list(text: &mut String, prefix: &str, seed: usize) {
    text.push_str("  pip {\n");
    for number in 0..PACKAGES {
        let version = (seed * 7 + number * 3) % 40;
        let _ = match number % 3 {
            0 => writeln!(text, "    {prefix}-package-{number} =={version}.{number}.0"),
            1 => writeln!(text, "    {prefix}-package-{number} >={version}, <{}", version + 2),
            _ => writeln!(text, "    {prefix}-package-{number}"),
        };
    }
    text.push_str("  }\n");
}

/// Ten environments as the points of one definition.
fn axes(text: &mut String, middle: usize, leaf: usize) {
    let name = format!("leaf-{middle}-{leaf}");
    let _ = write!(text, "\nenvironment {name} {{\n  from middle-{middle}\n  matrix python = [{}]\n", PYTHONS.join(", "));
    text.push_str("  variant cpu  { env { ACCELERATOR = \"none\" } }\n  variant cuda { env { ACCELERATOR = \"cuda\" } }\n");
    list(text, &format!("leaf{leaf}"), leaf);
    let first = if middle + leaf == 0 { "  default = true" } else { "" };
    let _ = write!(text, "  profile {{ title = \"Leaf {middle} {leaf}\"  choose = [python, variant]{first} }}\n}}\n");
}

/// Ten environments as ten definitions.
fn written(text: &mut String, middle: usize, leaf: usize) {
    for python in PYTHONS {
        for variant in ["cpu", "cuda"] {
            let name = format!("leaf-{middle}-{leaf}-py{}-{variant}", python.replace('.', "-"));
            let _ = write!(text, "\nenvironment {name} {{\n  from middle-{middle}\n  env {{ ACCELERATOR = \"{variant}\" }}\n");
            list(text, &format!("leaf{leaf}"), leaf);
            let first = if middle + leaf == 0 && python == "3.9" && variant == "cpu" { "  default = true" } else { "" };
            let _ = write!(text, "  profile {{ title = \"Leaf {middle} {leaf} {python} {variant}\"{first} }}\n}}\n");
        }
    }
}
