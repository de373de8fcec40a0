//! The `output` definitions: which artifacts, and where they go.

use super::context::Context;
use super::definitions::Def;
use super::fields::Fields;
use super::scope::Scope;
use super::typed;
use super::value::Val;
use crate::base::{IndexMap, Place, join, nearest, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{
    BakeOutput, CatalogFormat, CatalogOutput, Commits, DockerfilesOutput, Hub, HubOutput, Outputs, PullRequests, WorkflowOutput,
};
use crate::syntax::ast::Keyword;
use crate::syntax::words::{Form, Room, habit};

/// Reads all outputs. Paths are relative to the folder of the program, whichever file says them.
pub(crate) fn read(cx: &Context<'_>, hubs: &[Hub]) -> Outputs {
    let mut outputs = Outputs::default();
    for (_, def) in cx.names.all() {
        if def.node.keyword.node == Keyword::Output && !cx.is_standard(def.unit) {
            one(cx, def, hubs, &mut outputs);
        }
    }
    same_file(cx, &outputs);
    outputs
}

/// Reports outputs that would be written to one file.
fn same_file(cx: &Context<'_>, outputs: &Outputs) {
    let single = [
        outputs.workflow.as_ref().map(|output| (output.path.as_str(), output.origin)),
        outputs.bake.as_ref().map(|output| (output.path.as_str(), output.origin)),
    ];
    let hubs = outputs.configmaps.iter().chain(&outputs.values).chain(&outputs.helmreleases);
    let many = hubs.map(|output| (output.path.as_str(), output.origin));
    let catalogs = outputs.catalogs.iter().map(|output| (output.path.as_str(), output.origin));
    let mut seen: IndexMap<&str, Place> = IndexMap::default();
    for (path, origin) in single.into_iter().flatten().chain(many).chain(catalogs) {
        if let Some(other) = seen.insert(path, origin) {
            cx.report(
                Diagnostic::new(&known::SAME_FILE, origin, format!("two outputs are written to `{path}`"))
                    .here("this one")
                    .also(other, "and this one")
                    .help("give one of them another `path`"),
            );
        }
    }
}

fn one<'a>(cx: &Context<'a>, def: Def<'a>, hubs: &[Hub], outputs: &mut Outputs) {
    let place = cx.place_of(def);
    let scope = Scope::new(def.unit);
    let block = &def.node.body;
    let read = |room: Room| Fields::read(cx, &scope, room, block);
    let again = |there: bool| {
        if there {
            cx.report(
                Diagnostic::new(&known::DUPLICATE_NAME, place, format!("`output {}` is said twice", def.name)).help("drop one of them"),
            );
        }
    };
    match def.name {
        "dockerfiles" => {
            again(outputs.dockerfiles.is_some());
            let fields = read(Room::OutputDockerfiles);
            outputs.dockerfiles = path(cx, &fields, "dir", "images").map(|dir| DockerfilesOutput { dir, origin: place });
        }
        "bake" => {
            again(outputs.bake.is_some());
            let fields = read(Room::OutputBake);
            outputs.bake = path(cx, &fields, "path", "docker-bake.json").map(|path| BakeOutput { path, origin: place });
        }
        "workflow" => {
            again(outputs.workflow.is_some());
            let fields = read(Room::OutputWorkflow);
            outputs.workflow = workflow(cx, &fields, place);
        }
        "configmap" => outputs.configmaps.extend(hub(cx, &read(Room::OutputMenu), hubs, place, "deploy/jhub-profiles.yaml")),
        "values" => outputs.values.extend(hub(cx, &read(Room::OutputMenu), hubs, place, "deploy/values.yaml")),
        "helmrelease" => outputs.helmreleases.extend(hub(cx, &read(Room::OutputMenu), hubs, place, "deploy/jupyterhub.yaml")),
        "catalog" => outputs.catalogs.extend(catalog(cx, &read(Room::OutputCatalog), hubs, place)),
        name => {
            let finding = Diagnostic::new(&known::UNKNOWN_WORD, place, format!("there is no output `{name}`"));
            cx.report(match (habit(Room::Output, name), nearest(name, Room::Output.names(Form::Statement))) {
                (Some(meant), _) => finding.replace(meant.help, false, place, meant.instead),
                (None, Some(near)) => finding.replace(format!("did you mean `{near}`?"), false, place, near),
                (None, None) => finding.maybe_help(or_nearest(name, Room::Output.names(Form::Statement))),
            });
        }
    }
}

/// A path within the folder of the program.
fn path(cx: &Context<'_>, fields: &Fields<'_, '_>, name: &str, default: &str) -> Option<String> {
    let written = if fields.has(name) { fields.text(name)? } else { default.to_owned() };
    match join("", &written) {
        Some(path) if path.split('/').any(|name| name.len() > 255) => {
            cx.report(
                Diagnostic::new(&known::REFUSED_NAME, fields.place(name), "no file system has a name of more than 255 bytes")
                    .help("shorten it"),
            );
            None
        }
        Some(path) if !path.is_empty() && path.chars().all(|c| c.is_ascii_alphanumeric() || "._-/+@".contains(c)) => Some(path),
        Some(_) => {
            cx.report(
                Diagnostic::new(&known::REFUSED_NAME, fields.place(name), format!("`{written}` is no path for an artifact"))
                    .help("use letters, digits, `.`, `_`, `-` and `/`"),
            );
            None
        }
        None => {
            cx.report(
                Diagnostic::new(&known::IMPORT_OUTSIDE, fields.place(name), format!("`{written}` leaves the folder of the program"))
                    .help("artifacts are written below the folder of the program; move the program up where they must go higher"),
            );
            None
        }
    }
}

fn workflow(cx: &Context<'_>, fields: &Fields<'_, '_>, origin: Place) -> Option<WorkflowOutput> {
    let path = path(cx, fields, "path", ".github/workflows/images.yml")?;
    let pull_requests = match fields.word("pull_requests", &["all", "default_cells", "default-cells", "none"]) {
        Some("none") => PullRequests::None,
        Some("default_cells" | "default-cells") => PullRequests::DefaultCells,
        _ => PullRequests::All,
    };
    Some(WorkflowOutput {
        path,
        named: fields.place("path"),
        root: fields.text("root").unwrap_or_default().trim_matches('/').to_owned(),
        schedule: fields.text("schedule").filter(|cron| check_cron(cx, fields, cron)),
        pull_requests,
        cache: fields.boolean("cache").unwrap_or(false),
        sign: fields.boolean("sign").unwrap_or(false),
        attest: fields.boolean("attest").unwrap_or(true),
        secrets: login(cx, fields, "secrets"),
        read_secrets: login(cx, fields, "read_secrets"),
        environment: fields.text("environment").filter(|name| environment(cx, fields, name)),
        uses: uses(cx, fields),
        commits: match fields.word("commits", &["push", "pull_request", "pull-request"]) {
            Some("pull_request" | "pull-request") => Commits::PullRequest,
            _ => Commits::Push,
        },
        upgrade: fields.boolean("upgrade").unwrap_or(false),
        token: fields.text("token").filter(|name| typed::secret_name(cx, fields.place("token"), name)),
        check: fields.text("check").filter(|command| command_of(cx, fields, command)),
        actions: actions(cx, fields),
        tools: tools(cx, fields),
        origin,
    })
}

/// Whether a name can be that of an environment of GitHub's; J0307. An expression is evaluated where no secret is known.
fn environment(cx: &Context<'_>, fields: &Fields<'_, '_>, name: &str) -> bool {
    let fine = !name.is_empty() && name.len() <= 255 && !name.contains("${{") && !name.contains(char::is_control);
    if !fine {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, fields.place("environment"), "this is no name of an environment on GitHub")
                .help("write the name that the settings of the repository show"),
        );
    }
    fine
}

/// Whether a command is free of GitHub's expressions; J0709.
fn command_of(cx: &Context<'_>, fields: &Fields<'_, '_>, command: &str) -> bool {
    let fine = !command.contains("${{");
    if !fine {
        cx.report(
            Diagnostic::new(&known::EXPRESSION_IN_COMMAND, fields.place("check"), "a shell command has an expression of GitHub")
                .here("GitHub puts its value into the text of the script, where it can be any command")
                .help("read the value from an environment variable such as `$GITHUB_REF`"),
        );
    }
    fine
}

/// The names of two secrets, with a user and a password.
fn login(cx: &Context<'_>, fields: &Fields<'_, '_>, name: &str) -> Option<(String, String)> {
    match fields.texts(name).as_deref() {
        Some(names @ [username, password]) => {
            for secret in names {
                typed::secret_name(cx, fields.place(name), secret);
            }
            Some((username.clone(), password.clone()))
        }
        Some(_) if cx.is_broken(fields.place(name)) => None,
        Some(_) => {
            let message = format!("`{name}` takes two names: the one with the registry's user, the one with its password");
            cx.report(Diagnostic::new(&known::WRONG_TYPE, fields.place(name), message).help(format!(
                "write `{name} = [\"REGISTRY_USERNAME\", \"REGISTRY_PASSWORD\"]`, or leave it out for the workflow's own token"
            )));
            None
        }
        None => None,
    }
}

/// `uses = "./"`, where a server or its runners are too old for `$/`.
fn uses(cx: &Context<'_>, fields: &Fields<'_, '_>) -> String {
    let start = fields.text("uses").unwrap_or_else(|| "$/".to_owned());
    if !["$/", "./"].contains(&start.as_str()) {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, fields.place("uses"), format!("`uses` can't begin with `{start}`"))
                .help("write `uses = \"./\"`, or leave it out for `$/`, which takes runner 2.336 and github.com"),
        );
    }
    start
}

/// `tools = { "moby/buildkit" = "v0.29.0@sha256:<64 hex>" }`.
fn tools(cx: &Context<'_>, fields: &Fields<'_, '_>) -> Vec<(String, String)> {
    let Some(Val::Map(map)) = fields.value("tools") else { return Vec::new() };
    let mut all = Vec::new();
    for (name, value) in map {
        let text = value.display().unwrap_or_default();
        let digest = text.rsplit_once("@sha256:").map(|(_, digits)| digits);
        if digest.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            all.push((name, text));
        } else {
            let message = format!("the image `{name}` is named by `{text}`, which may move");
            cx.report(
                Diagnostic::new(&known::UNPINNED_ACTION, fields.place("tools"), message)
                    .here("a tag can be put on another image")
                    .help("name version and digest: `\"v0.29.0@sha256:<64 digits>\"`"),
            );
        }
    }
    all
}

/// Five fields of digits and `*/,-`, as GitHub takes them.
fn check_cron(cx: &Context<'_>, fields: &Fields<'_, '_>, cron: &str) -> bool {
    let legal = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "*/,-".contains(c));
    let fine = cron.split_whitespace().count() == 5 && cron.split_whitespace().all(legal);
    if !fine {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, fields.place("schedule"), format!("`{cron}` is no schedule"))
                .help("write the five fields of cron, in UTC: `0 3 * * 1`"),
        );
    }
    fine
}

/// `actions = { "actions/checkout" = "<40 hex> v7.0.1" }`.
fn actions(cx: &Context<'_>, fields: &Fields<'_, '_>) -> Vec<(String, String, String)> {
    let Some(Val::Map(map)) = fields.value("actions") else { return Vec::new() };
    let mut all = Vec::new();
    for (name, value) in map {
        let text = value.display().unwrap_or_default();
        let (commit, version) = text.split_once(' ').unwrap_or((&text, ""));
        if commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            all.push((name, commit.to_owned(), version.trim().to_owned()));
        } else {
            let message = format!("the action `{name}` is named by `{text}`, which may move");
            cx.report(
                Diagnostic::new(&known::UNPINNED_ACTION, fields.place("actions"), message)
                    .here("a tag can be put on another commit")
                    .help("name the commit and the version: `\"<40 digits> v7.0.1\"`"),
            );
        }
    }
    all
}

fn hub(cx: &Context<'_>, fields: &Fields<'_, '_>, hubs: &[Hub], origin: Place, default: &str) -> Option<HubOutput> {
    let path = path(cx, fields, "path", default)?;
    let hub = match hubs.len() {
        _ if fields.has("hub") => named_hub(cx, fields, hubs)?,
        1 => 0,
        _ => {
            cx.report(Diagnostic::new(&known::MISSING_FIELD, origin, "which hub is this for?").help(if hubs.is_empty() {
                "define one: `hub production { chart = 4.4 }`"
            } else {
                "add `hub = NAME`"
            }));
            return None;
        }
    };
    let chart_source =
        fields.text("chart_source").and_then(|text| text.split_once('/').map(|(kind, name)| (kind.to_owned(), name.to_owned())));
    Some(HubOutput {
        path,
        hub,
        name: fields.text("name"),
        values_from: fields.text("values_from"),
        chart_source,
        pre_pull: fields.boolean("pre_pull"),
        origin,
    })
}

/// The place of the hub that `hub = NAME` names.
fn named_hub(cx: &Context<'_>, fields: &Fields<'_, '_>, hubs: &[Hub]) -> Option<usize> {
    let name = match &fields.field("hub")?.value {
        crate::syntax::ast::Value::Reference(reference) => reference.path.node.clone(),
        _ => fields.text("hub")?,
    };
    let found = hubs.iter().position(|hub| hub.name == name);
    if found.is_none() {
        cx.report(
            Diagnostic::new(&known::UNKNOWN_NAME, fields.place("hub"), format!("there is no hub `{name}`"))
                .maybe_help(or_nearest(&name, hubs.iter().map(|hub| hub.name.as_str()).collect::<Vec<_>>())),
        );
    }
    found
}

fn catalog(cx: &Context<'_>, fields: &Fields<'_, '_>, hubs: &[Hub], origin: Place) -> Option<CatalogOutput> {
    let path = path(cx, fields, "path", "docs/environments.html")?;
    let format = match path.rsplit_once('.') {
        Some((_, "html")) => CatalogFormat::Html,
        Some((_, "md")) => CatalogFormat::Markdown,
        _ => {
            cx.report(
                Diagnostic::new(
                    &known::BAD_VALUE,
                    fields.place("path"),
                    format!("`{path}` is no catalogue: its ending says how it is written"),
                )
                .help("write `.html` for a page of one file, `.md` for Markdown; two outputs write both"),
            );
            return None;
        }
    };
    let hub = if fields.has("hub") { Some(named_hub(cx, fields, hubs)?) } else { None };
    Some(CatalogOutput { path, format, title: fields.text("title"), hub, origin })
}
