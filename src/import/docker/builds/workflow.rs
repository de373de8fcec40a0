//! Builds of GitHub workflows and GitLab pipelines: each job once for each combination of its matrix.

use std::collections::BTreeMap;

use super::call::{Call, holes};
use super::calls;
use crate::base::{FileId, Span, join};
use crate::import::yaml::{Node, Value, read};

/// What is known while a job runs: `matrix.image`, `env.OWNER`, `inputs.image`.
type Known = BTreeMap<String, String>;

/// Gives the text of a file of the repository.
type Texts<'t> = &'t dyn Fn(&str) -> Option<String>;

/// How many combinations of one matrix are looked at.
const MOST: usize = 256;

/// The calls of a workflow. `called` gives the text of a workflow that it calls.
pub(super) fn calls(text: &str, called: Texts<'_>) -> Vec<Call> {
    let Ok(documents) = read(FileId::default(), text, &|range| Span::new(range.start, range.end)) else {
        return calls::calls(text, &|_| None);
    };
    let mut all = Vec::new();
    for document in &documents.all {
        match document.get("jobs") {
            Some(jobs) => workflow(document, jobs, &Known::new(), Some(called), &mut all),
            None => all.extend(calls::calls(text, &|_| None)),
        }
    }
    all
}

fn workflow(document: &Node, jobs: &Node, inputs: &Known, called: Option<Texts<'_>>, all: &mut Vec<Call>) {
    let mut known = inputs.clone();
    variables(document.get("env"), "env.", &mut known);
    let defaults = ["on", "true"].iter().find_map(|on| document.get(on)?.dig("workflow_call.inputs")).map_or(&[][..], Node::fields);
    for input in defaults {
        let name = format!("inputs.{}", input.key);
        if let (false, Some(value)) = (known.contains_key(&name), input.value.get("default").and_then(written)) {
            known.insert(name, value);
        }
    }
    for job in jobs.fields() {
        for combination in combinations(job.value.dig("strategy.matrix")) {
            let mut known = known.clone();
            known.extend(combination);
            variables(job.value.get("env"), "env.", &mut known);
            if let (Some(path), Some(called)) = (job.value.get("uses").and_then(Node::text), called) {
                let mut inputs = known.clone();
                inputs.retain(|name, _| !name.starts_with("env."));
                variables(job.value.get("with"), "inputs.", &mut inputs);
                let filled: Known = inputs.iter().map(|(name, value)| (name.clone(), fill(value, &known))).collect();
                let Some(text) = path.strip_prefix("./").and_then(called) else { continue };
                let Ok(documents) = read(FileId::default(), &text, &|range| Span::new(range.start, range.end)) else { continue };
                for document in &documents.all {
                    if let Some(jobs) = document.get("jobs") {
                        workflow(document, jobs, &filled, None, all);
                    }
                }
            }
            steps(&job.value, &known, all);
        }
    }
}

fn steps(job: &Node, known: &Known, all: &mut Vec<Call>) {
    let Some(Value::List(steps)) = job.get("steps").map(|steps| &steps.value) else { return };
    let common = job.dig("defaults.run.working-directory").and_then(Node::text).unwrap_or_default();
    for step in steps {
        let mut known = known.clone();
        variables(step.get("env"), "env.", &mut known);
        if let Some(script) = step.get("run").and_then(Node::text) {
            let folder = fill(step.get("working-directory").and_then(Node::text).unwrap_or(common), &known);
            let found = calls::calls(script, &|name| {
                lookup(name, &known).or_else(|| known.get(&format!("env.{name}")).cloned()).map(|value| fill(&value, &known))
            });
            all.extend(found.into_iter().map(|call| moved(call, &folder)));
        }
        let action = step.get("uses").and_then(Node::text).unwrap_or_default();
        let given = |key: &str| step.dig(&format!("with.{key}")).and_then(written).map(|value| fill(&value, &known));
        if action.starts_with("docker/build-push-action@") {
            all.push(Call {
                tags: given("tags").map_or_else(Vec::new, |tags| of_metadata(&tags, steps, &known)),
                file: given("file").filter(|file| !file.is_empty()),
                context: given("context").filter(|context| !context.starts_with("http")).unwrap_or_default(),
                args: pairs(&given("build-args").unwrap_or_default()),
                contexts: pairs(&given("build-contexts").unwrap_or_default()),
                target: given("target"),
                ..Call::default()
            });
        } else if action.starts_with("redhat-actions/buildah-build@") {
            let file = given("containerfiles").or_else(|| given("dockerfiles")).and_then(|files| files.lines().next().map(str::to_owned));
            all.push(Call {
                tags: given("image").into_iter().collect(),
                file: file.map(|file| file.trim().to_owned()),
                context: given("context").unwrap_or_default(),
                args: pairs(&given("build-args").unwrap_or_default()),
                ..Call::default()
            });
        }
    }
}

/// A call in a folder.
fn moved(call: Call, folder: &str) -> Call {
    if folder.is_empty() || folder == "." {
        return call;
    }
    let inner = |path: &str| join(folder.trim_start_matches("./"), path.trim_start_matches("./")).unwrap_or_else(|| path.to_owned());
    let context = if call.context == "." { folder.to_owned() } else { inner(&call.context) };
    Call { file: call.file.as_deref().map(inner), context, ..call }
}

/// Tags that `docker/metadata-action` makes are those of its images.
fn of_metadata(tags: &str, steps: &[Node], known: &Known) -> Vec<String> {
    let listed =
        |text: &str| -> Vec<String> { text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect() };
    let inner = tags.trim().trim_matches(super::call::HOLE);
    let Some(id) = inner.strip_prefix("steps.").and_then(|rest| rest.split('.').next()) else { return listed(tags) };
    let made = steps.iter().find(|step| step.get("id").and_then(Node::text) == Some(id));
    let images = made.and_then(|step| step.dig("with.images")).and_then(Node::text).unwrap_or_default();
    listed(&fill(images, known))
}

/// `NAME=value` lines.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter_map(|line| line.trim().split_once('='));
    lines.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

fn variables(node: Option<&Node>, prefix: &str, known: &mut Known) {
    for field in node.map_or(&[][..], Node::fields) {
        if let Some(value) = written(&field.value) {
            let value = fill(&value, known);
            known.insert(format!("{prefix}{}", field.key), value);
        }
    }
}

/// A scalar as it is written: `3.10` stays so.
fn written(node: &Node) -> Option<String> {
    node.raw.clone().or_else(|| node.shown())
}

/// A text with what is known of its expressions.
fn fill(text: &str, known: &Known) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        out.push_str(before);
        let (inner, more) = after.split_once("}}").unwrap_or((after, ""));
        out.push_str(&holes(&format!("${{{{{inner}}}}}"), &|name| lookup(name, known)));
        rest = more;
    }
    out + rest
}

fn lookup(name: &str, known: &Known) -> Option<String> {
    known.get(name).filter(|value| !value.contains(super::call::HOLE)).cloned()
}

/// Every combination of a matrix; one that knows nothing where there is none, or where it is computed.
fn combinations(matrix: Option<&Node>) -> Vec<Known> {
    let mut all = vec![Known::new()];
    let Some(matrix) = matrix else { return all };
    let axes = matrix.fields().iter().filter(|field| !matches!(field.key.as_str(), "include" | "exclude"));
    let mut any = false;
    for axis in axes {
        let Value::List(values) = &axis.value.value else { continue };
        any = true;
        let mut more = Vec::new();
        for known in &all {
            for value in values {
                let mut known = known.clone();
                insert(&format!("matrix.{}", axis.key), value, &mut known);
                more.push(known);
            }
        }
        all = more;
        all.truncate(MOST);
    }
    let listed = |key: &str| match matrix.get(key).map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().map(map).collect::<Vec<Known>>(),
        _ => Vec::new(),
    };
    let excluded = listed("exclude");
    all.retain(|known| !excluded.iter().any(|out| out.iter().all(|(name, value)| known.get(name) == Some(value))));
    let original: Vec<Known> = if any { all.clone() } else { Vec::new() };
    for extra in listed("include") {
        let fits = |known: &Known| extra.iter().all(|(name, value)| known.get(name).is_none_or(|other| other == value));
        let related = |known: &Known| extra.keys().any(|name| known.contains_key(name));
        let mut found = false;
        for (at, known) in original.iter().enumerate() {
            if fits(known) && (related(known) || extra.keys().all(|name| !known.contains_key(name))) {
                found = true;
                if let Some(one) = all.get_mut(at) {
                    one.extend(extra.clone());
                }
            }
        }
        if !found {
            if !any && all.len() == 1 && all.first().is_some_and(Known::is_empty) {
                all.clear();
            }
            all.push(extra);
        }
    }
    all
}

fn map(node: &Node) -> Known {
    let mut known = Known::new();
    for field in node.fields() {
        insert(&format!("matrix.{}", field.key), &field.value, &mut known);
    }
    known
}

fn insert(name: &str, node: &Node, known: &mut Known) {
    match written(node) {
        Some(value) => drop(known.insert(name.to_owned(), value)),
        None => node.fields().iter().for_each(|field| insert(&format!("{name}.{}", field.key), &field.value, known)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let called = |path: &str| {
            (path == ".github/workflows/one.yml").then(|| {
                "on: { workflow_call: { inputs: { image: {}, tag: { default: latest } } } }\njobs: { b: { steps: [{ run: \
                 'docker build -t h/${{ inputs.image }}:${{ inputs.tag }} images/${{ inputs.image }}' }] } }"
                    .to_owned()
            })
        };
        let all = calls(text, &called);
        all.iter().map(|call| format!("{} {} {:?} {:?}", call.tags.join(","), call.context, call.file, call.args)).collect()
    }

    #[test]
    fn a_matrix_is_each_of_its_combinations() {
        let text = "
env: { REG: ghcr.io/x }
jobs:
  a:
    strategy:
      matrix:
        python: [3.10, '3.11']
        include:
          - { python: 3.12, extra: y }
    steps:
      - id: meta
        uses: docker/metadata-action@v5
        with: { images: '${{ env.REG }}/lab' }
      - uses: docker/build-push-action@v6
        with:
          context: lab
          tags: ${{ steps.meta.outputs.tags }}
          build-args: |
            PYTHON=${{ matrix.python }}
";
        assert_eq!(shown(text), ["3.10", "3.11", "3.12"].map(|version| format!("ghcr.io/x/lab lab None {{\"PYTHON\": \"{version}\"}}")));
    }

    #[test]
    fn scripts_and_called_workflows_are_read() {
        let text = "
jobs:
  a:
    strategy: { matrix: { image: [{ name: a, dir: x }, { name: b, dir: y }] } }
    env: { OWNER: me }
    steps:
      - working-directory: src
        run: docker build -t $OWNER/${{ matrix.image.name }}:1 -f ${{ matrix.image.dir }}/Dockerfile .
  b:
    uses: ./.github/workflows/one.yml
    with: { image: z }
";
        assert_eq!(
            shown(text),
            ["me/a:1 src Some(\"src/x/Dockerfile\") {}", "me/b:1 src Some(\"src/y/Dockerfile\") {}", "h/z:latest images/z None {}"]
        );
    }
}
