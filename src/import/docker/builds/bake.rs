//! Builds of bake files, in HCL and JSON, and of compose files.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::call::{Call, holes};
use super::hcl;

/// How deep targets inherit, and how many combinations a matrix has.
const DEPTH: usize = 12;
const MOST: usize = 256;

/// The blocks of a bake file.
const BLOCKS: [&str; 4] = ["variable", "target", "group", "function"];

/// The calls of a bake file or a compose file.
pub(super) fn calls(path: &str, text: &str) -> Vec<Call> {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    let file: Value = if matches!(ending, Some("yml" | "yaml")) {
        return serde_saphyr::from_str(text).map(|file: Value| services(&file)).unwrap_or_default();
    } else if ending == Some("hcl") {
        hcl::read(text)
    } else {
        serde_json::from_str(text).unwrap_or_default()
    };
    let empty = Map::new();
    let targets = file.get("target").and_then(Value::as_object).unwrap_or(&empty);
    let variables = file.get("variable").and_then(Value::as_object).unwrap_or(&empty);
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (name, variable) in variables {
        known.insert(name.clone(), variable.get("default").map(written).unwrap_or_default());
    }
    // Attributes beside the blocks: a text, or several by name.
    for (name, value) in file.as_object().unwrap_or(&empty).iter().filter(|(name, _)| !BLOCKS.contains(&name.as_str())) {
        match value {
            Value::Object(fields) => known.extend(fields.iter().map(|(field, value)| (format!("{name}.{field}"), written(value)))),
            value => drop(known.insert(name.clone(), written(value))),
        }
    }
    let mut all = Vec::new();
    for (name, target) in targets.iter().filter(|(name, _)| !name.starts_with('_')) {
        for combination in combinations(target) {
            let mut known = known.clone();
            known.extend(combination);
            all.push(call(name, &whole(target, targets, DEPTH), &known));
        }
    }
    all
}

/// A target with what it inherits.
fn whole(target: &Value, targets: &Map<String, Value>, depth: usize) -> Map<String, Value> {
    let mut all = Map::new();
    if depth > 0 {
        for parent in target.get("inherits").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if let Some(parent) = targets.get(parent) {
                over(&mut all, whole(parent, targets, depth - 1));
            }
        }
    }
    over(&mut all, target.as_object().cloned().unwrap_or_default());
    all
}

/// Maps add up, everything else is replaced.
fn over(all: &mut Map<String, Value>, own: Map<String, Value>) {
    for (key, value) in own {
        match (all.get_mut(&key), value) {
            (Some(Value::Object(below)), Value::Object(own)) => below.extend(own),
            (_, value) => drop(all.insert(key, value)),
        }
    }
}

fn call(name: &str, target: &Map<String, Value>, known: &BTreeMap<String, String>) -> Call {
    let fill = |text: &str| holes(text, &|name| known.get(name).cloned().or_else(|| chosen(name, known)));
    let text = |key: &str| target.get(key).and_then(Value::as_str).map(fill);
    let map = |key: &str| -> BTreeMap<String, String> {
        let pairs = target.get(key).and_then(Value::as_object).into_iter().flatten();
        pairs.filter(|(_, value)| !value.is_null()).map(|(name, value)| (fill(name), fill(&written(value)))).collect()
    };
    let tags = target.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    Call {
        tags: tags.map(fill).collect(),
        file: text("dockerfile"),
        context: text("context").unwrap_or_default(),
        args: map("args"),
        target: text("target"),
        name: text("name").unwrap_or_else(|| name.to_owned()),
        contexts: map("contexts"),
        within: true,
    }
}

/// `notequal("",ARCH) ? … : …` of what nobody has set is the other one; anything else is not known.
fn chosen(expression: &str, known: &BTreeMap<String, String>) -> Option<String> {
    let (condition, rest) = expression.split_once('?')?;
    let name = condition.trim().strip_prefix("notequal(\"\",")?.strip_suffix(')')?.trim();
    let (_, other) = rest.rsplit_once(':')?;
    known.get(name).filter(|value| value.is_empty())?;
    Some(other.trim().trim_matches('"').to_owned())
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

/// The combinations of the matrix of a target; one that knows nothing where there is none.
fn combinations(target: &Value) -> Vec<BTreeMap<String, String>> {
    let mut all = vec![BTreeMap::new()];
    for (axis, values) in target.get("matrix").and_then(Value::as_object).into_iter().flatten() {
        let mut more: Vec<BTreeMap<String, String>> = Vec::new();
        for known in &all {
            for value in values.as_array().into_iter().flatten() {
                let mut known = known.clone();
                match value {
                    Value::Object(fields) => {
                        known.extend(fields.iter().map(|(name, value)| (format!("{axis}.{name}"), written(value))));
                    }
                    value => drop(known.insert(axis.clone(), written(value))),
                }
                more.push(known);
            }
        }
        all = more;
        all.truncate(MOST);
    }
    all
}

/// The services of a compose file that are built.
fn services(file: &Value) -> Vec<Call> {
    let mut all = Vec::new();
    for (name, service) in file.get("services").and_then(Value::as_object).into_iter().flatten() {
        let Some(build) = service.get("build") else { continue };
        let filled = |text: &str| holes(text, &|name| name.split_once(":-").map(|(_, other)| other.to_owned()));
        let text = |key: &str| build.get(key).and_then(Value::as_str).map(filled);
        let mut args: BTreeMap<String, String> = BTreeMap::new();
        match build.get("args") {
            Some(Value::Object(pairs)) => args.extend(pairs.iter().map(|(name, value)| (name.clone(), filled(&written(value))))),
            Some(Value::Array(pairs)) => {
                let pairs = pairs.iter().filter_map(|pair| pair.as_str()?.split_once('='));
                args.extend(pairs.map(|(name, value)| (name.to_owned(), filled(value))));
            }
            _ => {}
        }
        all.push(Call {
            tags: service.get("image").and_then(Value::as_str).map(filled).into_iter().collect(),
            file: text("dockerfile"),
            context: build.as_str().map(filled).or_else(|| text("context")).unwrap_or_default(),
            args,
            target: text("target"),
            name: name.clone(),
            within: true,
            ..Call::default()
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str, text: &str) -> Vec<String> {
        let shown = |call: &Call| format!("{} {} {:?} {} {:?}", call.name, call.tags.join(","), call.file, call.context, call.args);
        calls(path, text).iter().map(shown).collect()
    }

    #[test]
    fn targets_inherit_and_have_a_matrix() {
        let text = r#"
variable "REG" { default = "ghcr.io/x" }
# the images
target "_common" {
  context = "."
  args = { A = "1" }
}
target "lab" {
  inherits = ["_common"]
  name = "lab-${replace(py, ".", "-")}"
  matrix = { py = ["3.11", "3.12"] }
  dockerfile = "lab/Dockerfile"
  args = {
    PYTHON = py
  }
  tags = ["${REG}/lab:py${py}"]
}
group "default" { targets = ["lab"] }
"#;
        let all = shown("docker-bake.hcl", text);
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(all[0].ends_with("ghcr.io/x/lab:py3.11 Some(\"lab/Dockerfile\") . {\"A\": \"1\", \"PYTHON\": \"3.11\"}"), "{all:?}");
    }

    #[test]
    fn compose_files_build() {
        let text = "services:\n  a:\n    image: h/a:1\n    build: { context: a, args: { V: 1 } }\n  b: { build: ./b }\n  c: { image: x }\n";
        assert_eq!(shown("compose.yml", text), ["a h/a:1 None a {\"V\": \"1\"}", "b  None ./b {}"]);
    }
}
