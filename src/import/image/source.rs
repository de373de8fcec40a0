//! What an image says besides its steps: its base, its Dockerfile, variables, accounts, and the files that were copied into it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::history::{Past, escaped, health, pair};
use super::layer::{Kept, Layer, Records};
use super::records::{Asked, BIOCONDUCTOR, Package};
use crate::base::Place;
use crate::import::RemarkKind::Decide;
use crate::import::docker::{Given, expand, pairs};
use crate::import::repository;

/// What an image is built on.
pub(super) struct Base {
    /// The reference that is written.
    pub(super) reference: String,
    /// What the image says, where that is another one.
    pub(super) said: Option<String>,
    /// Whether the image says it itself.
    pub(super) sure: bool,
}

/// The base: what provenance, a label or buildah say, if that is a distribution alone, else the distribution by its `os-release`.
pub(super) fn base(provenance: Option<&Value>, config: &Value, history: &[Past], first: &Records) -> Base {
    let release = |key: &str| {
        let text = ["etc/os-release", "usr/lib/os-release"].iter().find_map(|path| first.get(*path));
        let text = text.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        value.map(|value| value.trim_matches('"').to_owned()).unwrap_or_default()
    };
    let (id, version, code) = (release("ID"), release("VERSION_ID"), release("VERSION_CODENAME"));
    let distribution = match id.as_str() {
        "" => "scratch".to_owned(),
        "debian" if !code.is_empty() => format!("docker.io/library/debian:{code}"),
        "alpine" => format!("docker.io/library/alpine:{}", version.rsplit_once('.').map_or(version.as_str(), |(short, _)| short)),
        "rocky" => format!("docker.io/rockylinux/rockylinux:{version}"),
        "almalinux" | "fedora" | "ubuntu" | "debian" => format!("docker.io/library/{id}:{version}"),
        "rhel" => format!("registry.access.redhat.com/ubi{}/ubi:{version}", version.split('.').next().unwrap_or_default()),
        other => format!("docker.io/library/{other}:{version}"),
    };
    let label = config.pointer("/config/Labels/org.opencontainers.image.base.name").and_then(Value::as_str).filter(|name| !name.is_empty());
    let said =
        provenance.and_then(material).or_else(|| label.map(str::to_owned)).or_else(|| history.iter().find_map(|past| past.from.clone()));
    match said {
        Some(said) if repository(&said).rsplit('/').next() == Some(id.as_str()) => Base { reference: said, said: None, sure: true },
        said => Base { reference: distribution, said, sure: false },
    }
}

/// The image that `BuildKit` built on: `pkg:docker/ubuntu@24.04?platform=linux%2Famd64`, with its digest.
fn material(provenance: &Value) -> Option<String> {
    let lists = ["/materials", "/buildDefinition/resolvedDependencies"];
    let all = lists.iter().find_map(|path| provenance.pointer(path)?.as_array())?;
    let mut images = all.iter().filter_map(|one| Some((one.get("uri")?.as_str()?.strip_prefix("pkg:docker/")?, one)));
    // The frontend of a Dockerfile is an image, too.
    let (uri, one) = images.rfind(|(uri, _)| !uri.starts_with("docker/dockerfile"))?;
    let path = uri.split('?').next()?.replace("%2F", "/").replace("%3A", ":");
    let (name, tag) = path.rsplit_once('@').unwrap_or((&path, ""));
    let name = if name.contains('/') { name.to_owned() } else { format!("docker.io/library/{name}") };
    let tag = if tag.is_empty() { String::new() } else { format!(":{tag}") };
    let digest = one.pointer("/digest/sha256").and_then(Value::as_str).map(|digest| format!("@sha256:{digest}")).unwrap_or_default();
    Some(format!("{name}{tag}{digest}"))
}

/// The text of the Dockerfile that `BuildKit` kept.
pub(super) fn dockerfile(provenance: &Value) -> Option<String> {
    const PLACES: [&str; 2] =
        ["/metadata/https:~1~1mobyproject.org~1buildkit@v1#metadata/source/infos", "/runDetails/metadata/buildkit_metadata/source/infos"];
    let infos = PLACES.iter().find_map(|path| provenance.pointer(path)?.as_array())?;
    let data = infos.iter().find_map(|info| info.get("data")?.as_str())?;
    String::from_utf8(base64(data)?).ok()
}

/// Bytes that are written as base64; `None` where they are not.
fn base64(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// The variables that the first steps of a history set.
pub(super) fn environment(history: &[Past], steps: usize) -> BTreeMap<String, String> {
    let mut env = BTreeMap::new();
    history.iter().take(steps).filter(|past| past.word == "ENV").for_each(|past| drop(appended(&past.text, &mut env)));
    env
}

/// The text of an `ENV`, in which a value that goes on from the one before says so: histories have the whole value.
pub(super) fn appended(text: &str, env: &mut BTreeMap<String, String>) -> String {
    let mut out = Vec::new();
    for (name, written) in pairs(text) {
        let (value, unknown) = expand(&written, &|name| env.get(name).cloned());
        let before = env.get(&name).filter(|before| !before.is_empty());
        let written = match before {
            _ if !unknown.is_empty() => written.replace('"', "\\\""),
            Some(before) if value.strip_suffix(before.as_str()).is_some_and(|rest| rest.ends_with(':')) => {
                format!("{}${{{name}}}", escaped(value.strip_suffix(before.as_str()).unwrap_or_default()))
            }
            Some(before) if value.strip_prefix(before.as_str()).is_some_and(|rest| rest.starts_with(':')) => {
                format!("${{{name}}}{}", escaped(value.strip_prefix(before.as_str()).unwrap_or_default()))
            }
            _ => escaped(&value),
        };
        out.push(format!("{name}=\"{written}\""));
        env.insert(name, value);
    }
    out.join(" ")
}

/// The flags, sources and target of a `COPY`. A name with blanks is one that the layer has; a here-document is a file.
fn parts<'p>(text: &'p str, layer: &Layer) -> (Vec<&'p str>, Vec<String>, String) {
    let flags: Vec<&str> = text.split_whitespace().take_while(|word| word.starts_with("--")).collect();
    let rest = flags.last().and_then(|flag| text.split_once(flag)).map_or(text, |(_, rest)| rest).trim();
    let names = layer.files.iter().flat_map(|kept| kept.path.split('/')).filter(|name| name.contains(' '));
    let joined = names.fold(rest.to_owned(), |rest, name| rest.replace(name, &name.replace(' ', "\0")));
    let words = || joined.split_whitespace().map(|word| word.replace('\0', " ")).collect();
    let mut words: Vec<String> = serde_json::from_str(rest).unwrap_or_else(|_| words());
    let to = words.pop().unwrap_or_default();
    for word in &mut words {
        if let Some(name) = word.strip_prefix("<<") {
            *word = match layer.files.as_slice() {
                [one] => last(&one.path),
                _ => name.trim_start_matches('-'),
            }
            .to_owned();
        }
    }
    (flags, words, to)
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Builders before `BuildKit` kept a sum of what was copied in the place of its name.
fn is_sum(source: &str) -> bool {
    ["file:", "dir:", "multi:"].iter().any(|kind| source.starts_with(kind))
}

/// The files of a `COPY` with their paths in the context.
pub(super) fn copied<'l>(past: &Past, layer: &'l Layer) -> Vec<(String, &'l Kept)> {
    if !matches!(past.word, "COPY" | "ADD") || past.text.contains("://") {
        return Vec::new();
    }
    let (_, sources, to) = parts(&past.text, layer);
    let folder = if to.starts_with('/') { to.trim_matches('/').to_owned() } else { common(&layer.files) };
    let place = |kept: &Kept| {
        let inside = kept.path.strip_prefix(&folder).unwrap_or(&kept.path).trim_start_matches('/').to_owned();
        let own = last(&kept.path).to_owned();
        let named = sources.iter().find(|source| !is_sum(source) && last(source) == own);
        let glob = sources.iter().find(|source| source.contains(['*', '?', '[']));
        match (named, glob, sources.first()) {
            (Some(source), ..) => source.trim_matches('/').to_owned(),
            (None, Some(glob), _) => {
                format!("{}/{own}", glob.rsplit_once('/').map_or("", |(folder, _)| folder)).trim_matches('/').to_owned()
            }
            (None, None, Some(source)) if source.starts_with("file:") && layer.files.len() == 1 => own,
            (None, None, Some(source)) if is_sum(source) => format!("context/{inside}"),
            // One file under another name.
            (None, None, Some(source)) if inside.is_empty() => source.trim_matches('/').to_owned(),
            (None, None, Some(source)) => {
                format!("{}/{inside}", source.trim_start_matches("./").trim_matches(['/', '.'])).trim_start_matches('/').to_owned()
            }
            (None, None, None) => inside,
        }
    };
    layer.files.iter().map(|kept| (place(kept), kept)).collect()
}

/// The folder that all files are in.
fn common(files: &[Kept]) -> String {
    let mut folders = files.iter().map(|kept| kept.path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let first = folders.next().unwrap_or_default();
    folders.fold(first.to_owned(), |mut known, folder| {
        while !(known.is_empty() || folder == known || folder.starts_with(&format!("{known}/"))) {
            known = known.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        }
        known
    })
}

/// A `COPY` with the names that the files have beside the program, and with their owner.
pub(super) fn copy(past: &Past, layer: &Layer) -> String {
    let (flags, sources, to) = parts(&past.text, layer);
    let mut words: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    let owner = layer.files.first().map_or(0, |kept| kept.owner);
    if owner != 0 && !flags.iter().any(|flag| flag.starts_with("--chown")) && layer.files.iter().all(|kept| kept.owner == owner) {
        words.push(format!("--chown={owner}"));
    }
    let alone = || copied(past, layer).first().map_or_else(|| "context".to_owned(), |(path, _)| path.clone());
    let named = |source: &String| match source.as_str() {
        sum if sum.starts_with("file:") && layer.files.len() == 1 => alone(),
        sum if is_sum(sum) => "context/".to_owned(),
        "/" => ".".to_owned(),
        other if other.contains("://") => other.to_owned(),
        other => other.trim_start_matches('/').to_owned(),
    };
    let all: Vec<String> = sources.iter().map(named).chain([to]).collect();
    words.push(if all.iter().any(|word| word.contains(' ')) { Value::from_iter(all).to_string() } else { all.join(" ") });
    words.join(" ")
}

/// Accounts of people: the name, its number, that of its group, its home.
pub(super) fn accounts(records: &Records, user: &str) -> Vec<(String, u32, u32, String)> {
    let text = records.get("etc/passwd").map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let user = user.split(':').next().unwrap_or_default();
    let read = |line: &str| {
        let parts: Vec<&str> = line.split(':').collect();
        let [name, _, uid, gid, _, home, ..] = parts.as_slice() else { return None };
        let (uid, gid): (u32, u32) = (uid.parse().ok()?, gid.parse().ok()?);
        let person = (1000..60_000).contains(&uid) || *name == user || uid.to_string() == user;
        (person && uid != 0).then(|| ((*name).to_owned(), uid, gid, (*home).to_owned()))
    };
    text.lines().filter_map(read).collect()
}

/// What installs packages of R, each from where it came.
fn of_r(packages: &[Package]) -> Vec<String> {
    let named = |wanted: Option<&str>| {
        let all = packages.iter().filter(|one| one.source.as_deref() == wanted);
        Some(all.map(|one| format!("\"{}\"", one.name)).collect::<Vec<_>>().join(", ")).filter(|names| !names.is_empty())
    };
    let of_git = packages.iter().filter_map(|one| {
        let (url, rest) = one.source.as_ref()?.split_once(' ')?;
        let (commit, folder) = rest.split_once(' ').unwrap_or((rest, ""));
        let folder = if folder.is_empty() { String::new() } else { format!(", subdir = \"{folder}\"") };
        Some(format!("remotes::install_git(\"{url}\", ref = \"{commit}\"{folder}, upgrade = \"never\")"))
    });
    let calls = named(None).map(|names| format!("install.packages(c({names}))")).into_iter();
    let calls = calls.chain(named(Some(BIOCONDUCTOR)).map(|names| format!("BiocManager::install(c({names}), update = FALSE)")));
    calls.chain(of_git).map(|call| format!("Rscript -e '{call}'")).collect()
}

/// The instructions of an image whose history says nothing: from its configuration, and from what was asked for.
pub(super) fn squashed(config: &Value, asked: &Asked, place: Place) -> Vec<Given> {
    let of = |key: &str| config.pointer(&format!("/config/{key}"));
    let strings = |key: &str| of(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let words = "its history has no steps: packages that were asked for and the configuration are all that is known";
    let mut all = vec![Given::note(place, Decide, words)];
    let variables = strings("Env").filter_map(|variable| variable.split_once('='));
    all.extend(variables.map(|(name, value)| Given::new(place, "ENV", pair(name, value))));
    let labels = of("Labels").and_then(Value::as_object).into_iter().flatten();
    all.extend(labels.map(|(key, value)| Given::new(place, "LABEL", pair(key, value.as_str().unwrap_or_default()))));
    for (manager, packages) in asked {
        let list = |form: &dyn Fn(&Package) -> String| packages.iter().map(form).collect::<Vec<_>>().join(" ");
        let call = match *manager {
            "apt" => format!("apt-get update && apt-get install --yes --no-install-recommends {}", list(&|one| one.name.clone())),
            "conda" => format!("mamba install --yes {}", list(&|one| format!("{}={}", one.name, one.version))),
            "pip" => {
                let form = |one: &Package| match &one.source {
                    Some(source) => format!("'{} @ {source}'", one.name),
                    None => format!("{}=={}", one.name, one.version),
                };
                format!("pip install --no-cache-dir {}", list(&form))
            }
            _ => {
                all.extend(of_r(packages).into_iter().map(|call| Given::new(place, "RUN", call)));
                continue;
            }
        };
        all.push(Given::new(place, "RUN", call));
    }
    for (word, key) in [("WORKDIR", "WorkingDir"), ("USER", "User")] {
        let value = of(key).and_then(Value::as_str).filter(|value| !value.is_empty());
        all.extend(value.map(|value| Given::new(place, word, value)));
    }
    for port in of("ExposedPorts").and_then(Value::as_object).into_iter().flat_map(|ports| ports.keys()) {
        all.push(Given::new(place, "EXPOSE", port.clone()));
    }
    all.extend(health(config).map(|check| Given::new(place, "HEALTHCHECK", check)));
    for (word, key) in [("ENTRYPOINT", "Entrypoint"), ("CMD", "Cmd")] {
        let value = of(key).filter(|value| value.as_array().is_some_and(|words| !words.is_empty()));
        all.extend(value.map(|value| Given::new(place, word, value.to_string())));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(path: &str) -> Kept {
        Kept { path: path.to_owned(), bytes: None, executable: false, owner: 0 }
    }

    #[test]
    fn files_get_back_their_names() {
        let rows: [(&str, &[&str], &[&str]); 9] = [
            ("requirements.txt /tmp/", &["tmp/requirements.txt"], &["requirements.txt"]),
            ("conf/a.txt /etc/b.txt", &["etc/b.txt"], &["conf/a.txt"]),
            ("--chown=1 src /opt/app", &["opt/app/x.py", "opt/app/y/z.py"], &["src/x.py", "src/y/z.py"]),
            (". /srv", &["srv/a", "srv/b/c"], &["a", "b/c"]),
            ("certs/*.crt /usr/share/", &["usr/share/a.crt"], &["certs/a.crt"]),
            ("a file.txt b.txt /srv/", &["srv/a file.txt", "srv/b.txt"], &["a file.txt", "b.txt"]),
            ("<<EOT /srv/inline.txt", &["srv/inline.txt"], &["inline.txt"]),
            ("<<one <<-two /srv/", &["srv/one", "srv/two"], &["one", "two"]),
            ("dir:12 /srv/x", &["srv/x/a", "srv/x/b"], &["context/a", "context/b"]),
        ];
        for (text, files, wanted) in rows {
            let layer = Layer { files: files.iter().map(|path| kept(path)).collect(), ..Layer::default() };
            let past = Past { word: "COPY", text: text.to_owned(), ..Past::default() };
            let found: Vec<String> = copied(&past, &layer).into_iter().map(|(path, _)| path).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn values_that_go_on_say_so() {
        let mut env = BTreeMap::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]);
        assert_eq!(appended("PATH=/opt/bin:/usr/bin:/bin", &mut env), "PATH=\"/opt/bin:${PATH}\"");
        assert_eq!(appended("PATH=/opt/bin:/usr/bin:/bin:/x", &mut env), "PATH=\"${PATH}:/x\"");
        assert_eq!(appended("A=\"\\$x\"", &mut env), "A=\"\\$x\"");
        assert_eq!(appended("PATH=/b:$PATH", &mut env), "PATH=\"/b:${PATH}\"");
        assert_eq!(appended("B=$unknown", &mut env), "B=\"$unknown\"");
    }

    #[test]
    fn text_in_base64_is_read() {
        assert_eq!(base64("RlJPTSBh\nCg==").as_deref(), Some(&b"FROM a\n"[..]));
        assert_eq!(base64("RlJ*"), None);
    }
}
