//! The history of an image, as instructions.

use serde_json::Value;

/// A step of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Past {
    /// `RUN`, `COPY`, `ENV`; empty for what is no instruction.
    pub(super) word: &'static str,
    /// What is behind the word.
    pub(super) text: String,
    /// Arguments that a `RUN` had: `TOOL=tree`.
    pub(super) args: Vec<String>,
    /// The layer that it made.
    pub(super) layer: Option<usize>,
    /// As it is in the history.
    pub(super) written: String,
    /// The image that a build with buildah says it is on.
    pub(super) from: Option<String>,
}

/// Words that a history has.
const WORDS: [&str; 17] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// The steps of a configuration; empty where they do not fit its layers.
pub(super) fn steps(config: &Value, layers: usize) -> Vec<Past> {
    let (mut all, mut next, mut args) = (Vec::new(), 0, Vec::new());
    for entry in config.get("history").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut past = read(text("created_by"), &Around { config, comment: text("comment"), args: &args });
        if past.word == "ARG" {
            let rest = past.written.split_once("ARG ").map_or("", |(_, rest)| rest);
            args.extend(raw(rest, &is_variable).into_iter().map(|(name, value)| format!("{name}={value}")));
        }
        // With intermediate images buildah names those, by the first digits of their sums.
        let base = text("comment").strip_prefix("FROM ").filter(|base| !base.bytes().all(|byte| byte.is_ascii_hexdigit()));
        past.from = base.map(str::to_owned);
        if entry.get("empty_layer").and_then(Value::as_bool) != Some(true) {
            past.layer = Some(next);
            next += 1;
        }
        all.push(past);
    }
    if next == layers { all } else { Vec::new() }
}

/// What an entry does not say itself.
struct Around<'c> {
    config: &'c Value,
    /// `buildkit.dockerfile.v0`
    comment: &'c str,
    /// The arguments of entries before, without quotes: `TOOL=less more`.
    args: &'c [String],
}

impl Around<'_> {
    /// The text of an instruction, as a Dockerfile has it. `BuildKit` and the builder before it write values without quotes.
    fn normal(&self, word: &str, text: &str, is_raw: bool) -> String {
        let text = text.trim();
        let inner = |text: &str| text.trim_start_matches("map").trim_start_matches(['[', '{']).trim_end_matches([']', '}']).to_owned();
        let quoted = |known: &dyn Fn(&str) -> bool| {
            let all = raw(text, known);
            if all.is_empty() { text.to_owned() } else { all.iter().map(|(name, value)| pair(name, value)).collect::<Vec<_>>().join(" ") }
        };
        match word {
            "ARG" if is_raw => quoted(&is_variable),
            "ENV" if is_raw => {
                let all = self.config.pointer("/config/Env").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
                let names: Vec<&str> = all.filter_map(|pair| pair.split_once('=')).map(|(name, _)| name).collect();
                quoted(&|name| if names.is_empty() { is_variable(name) } else { names.contains(&name) })
            }
            "LABEL" if is_raw => {
                let labels = self.config.pointer("/config/Labels");
                quoted(&|name| labels.is_none_or(|labels| labels.get(name).is_some()))
            }
            "HEALTHCHECK" if text.starts_with("&{") => health(self.config).unwrap_or_else(|| "NONE".to_owned()),
            "CMD" | "ENTRYPOINT" if text.starts_with("[\"") => list(text),
            "EXPOSE" if text.starts_with("map[") => text
                .trim_start_matches("map[")
                .trim_end_matches(']')
                .split_whitespace()
                .map(|port| port.trim_end_matches([':', '{', '}']).to_owned())
                .collect::<Vec<_>>()
                .join(" "),
            "EXPOSE" | "VOLUME" if text.starts_with('[') && !text.contains('"') => inner(text),
            "SHELL" if text.starts_with('[') && !text.contains('"') => inner(text).split_whitespace().collect::<Value>().to_string(),
            // `file:SUM in /target`
            "COPY" | "ADD" => match text.split_once(" in ") {
                Some((source, to)) if ["file:", "dir:", "multi:"].iter().any(|sum| source.contains(sum)) => {
                    format!("{source} {}", to.trim())
                }
                _ => text.to_owned(),
            },
            _ => text.to_owned(),
        }
    }

    /// `|1 TOOL=tree /bin/sh -c apt-get install $TOOL`
    fn run(&self, text: &str, past: &dyn Fn(&'static str, &str, Vec<String>) -> Past) -> Past {
        let mut rest = text.trim_start();
        let mut args = Vec::new();
        if let Some(inner) = rest.strip_prefix('|') {
            let (count, mut inner) = inner.split_once(' ').unwrap_or((inner, ""));
            for left in (0..count.parse::<usize>().unwrap_or(0)).rev() {
                let known = self.args.iter().rev().find(|arg| inner.strip_prefix(arg.as_str()).is_some_and(|rest| rest.starts_with(' ')));
                // A value may have blanks: what is behind the last argument begins with a shell.
                let shell = if left == 0 { inner.find(" /bin/") } else { None };
                let end = known.map(String::len).or(shell).or_else(|| inner.find(' ')).unwrap_or(inner.len());
                args.push(inner.get(..end).unwrap_or_default().to_owned());
                inner = inner.get(end..).unwrap_or_default().trim_start();
            }
            rest = inner;
        }
        // The shell, with its options up to `-c`.
        if rest.starts_with("/bin/") || rest.starts_with("/usr/bin/") {
            let head = rest.find(" -c ").map(|at| (at, 4)).or_else(|| {
                rest.find("c ")
                    .filter(|at| rest.get(..*at).is_some_and(|head| head.contains(" -") && !head.contains('\n')))
                    .map(|at| (at, 2))
            });
            if let Some((at, length)) = head {
                rest = rest.get(at + length..).unwrap_or_default();
            }
        }
        past("RUN", rest, args)
    }
}

fn read(written: &str, around: &Around<'_>) -> Past {
    let text = written.trim().trim_end_matches("# buildkit").trim_end();
    let past = |word, text: &str, args: Vec<String>| Past {
        word,
        text: text.trim().to_owned(),
        args,
        written: written.trim().to_owned(),
        ..Past::default()
    };
    // The builder before BuildKit writes the shell before each instruction, and a blank more than buildah before what has values.
    let shell = text.split_once("#(nop)").filter(|(shell, _)| shell.starts_with('/') && shell.ends_with("c "));
    if let Some((_, rest)) = shell {
        let is_raw = rest.starts_with("  ");
        let (word, rest) = rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
        return match WORDS.iter().find(|known| **known == word) {
            Some(word) => past(word, &around.normal(word, rest, is_raw), Vec::new()),
            None => past("", rest, Vec::new()),
        };
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let rest = text.strip_prefix(first).unwrap_or_default();
    match WORDS.iter().find(|known| **known == first) {
        Some(&"RUN") => around.run(rest, &past),
        Some(word) => past(word, &around.normal(word, rest, around.comment.starts_with("buildkit")), Vec::new()),
        None if text.starts_with("/bin/") || text.starts_with('|') => around.run(text, &past),
        None => past("", text, Vec::new()),
    }
}

/// Pairs without quotes: a value goes on up to the next name that is known.
fn raw(text: &str, known: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for word in text.trim().split(' ') {
        match (word.split_once('=').filter(|(name, _)| known(name)), all.last_mut()) {
            (Some((name, value)), _) => all.push((name.to_owned(), value.to_owned())),
            (None, Some((_, value))) => *value = format!("{value} {word}"),
            (None, None) => return Vec::new(),
        }
    }
    all
}

/// A name and a value, as a Dockerfile has them.
pub(super) fn pair(name: &str, value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,=+@%".contains(&byte);
    if value.bytes().all(plain) { format!("{name}={value}") } else { format!("{name}=\"{}\"", escaped(value)) }
}

/// A text between quotes in which nothing is replaced.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$")
}

fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `["jupyter" "lab"]`, as Go prints lists, in JSON.
fn list(text: &str) -> String {
    let inner = text.trim_start_matches('[').trim_end_matches(']');
    let words: Result<Value, _> = serde_json::Deserializer::from_str(inner).into_iter::<String>().collect();
    words.map_or_else(|_| text.to_owned(), |list| list.to_string())
}

/// The check of a configuration, as a Dockerfile has it.
pub(super) fn health(config: &Value) -> Option<String> {
    let check = config.pointer("/config/Healthcheck")?;
    let words: Vec<&str> = check.get("Test")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let command = match words.as_slice() {
        ["CMD-SHELL", command] => format!("CMD {command}"),
        ["CMD", words @ ..] => format!("CMD {}", words.iter().copied().collect::<Value>()),
        _ => return None,
    };
    let flags = [("interval", "Interval"), ("timeout", "Timeout"), ("start-period", "StartPeriod")];
    let number = |key: &str| check.get(key).and_then(Value::as_u64).filter(|number| *number > 0);
    // Durations are nanoseconds.
    let lasting = |number: u64| {
        let ms = number / 1_000_000;
        if ms.is_multiple_of(1000) { format!("{}s", ms / 1000) } else { format!("{ms}ms") }
    };
    let flags = flags.iter().filter_map(|(flag, key)| Some(format!("--{flag}={} ", lasting(number(key)?))));
    let retries = number("Retries").map(|count| format!("--retries={count} "));
    Some(flags.chain(retries).collect::<String>() + &command)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_of_every_builder_are_read() {
        let rows = [
            ("RUN /bin/sh -c apt-get update # buildkit", "RUN", "apt-get update"),
            ("RUN |1 TOOL=tree /bin/sh -c apt-get install -y $TOOL # buildkit", "RUN", "apt-get install -y $TOOL"),
            ("RUN /bin/bash -o pipefail -c pip install six # buildkit", "RUN", "pip install six"),
            ("/bin/sh -c make install", "RUN", "make install"),
            ("|1 A=b /bin/sh -c echo $A", "RUN", "echo $A"),
            ("/bin/sh -c #(nop)  ENV A=b", "ENV", "A=b"),
            ("/bin/sh -c #(nop) COPY file:12ab in /srv/x ", "COPY", "file:12ab /srv/x"),
            ("COPY --chown=1000:100 conf/a.txt /etc/ # buildkit", "COPY", "--chown=1000:100 conf/a.txt /etc/"),
            ("EXPOSE map[8888/tcp:{}]", "EXPOSE", "8888/tcp"),
            ("EXPOSE [8888/tcp]", "EXPOSE", "8888/tcp"),
            ("SHELL [/bin/bash -o pipefail -c]", "SHELL", "[\"/bin/bash\",\"-o\",\"pipefail\",\"-c\"]"),
            ("CMD [\"bash\"]", "CMD", "[\"bash\"]"),
            ("# debian.sh --arch 'amd64' out/ 'trixie'", "", "# debian.sh --arch 'amd64' out/ 'trixie'"),
        ];
        let config = json!({});
        let around = Around { config: &config, comment: "", args: &[] };
        for (written, word, text) in rows {
            let past = read(written, &around);
            assert_eq!((past.word, past.text.as_str()), (word, text), "{written}");
        }
        assert_eq!(read("RUN |2 A=b C=d e /bin/sh -c x", &around).args, ["A=b", "C=d e"]);
    }

    /// As `BuildKit` of Docker 28, its builder before `BuildKit` and buildah 1.28 write them.
    #[test]
    fn values_with_blanks_are_whole() {
        let check = json!({ "Test": ["CMD-SHELL", "curl -f \"$URL\" || exit 1"], "Interval": 30_000_000_000_u64, "Retries": 2 });
        let config = json!({ "config": {
            "Env": ["GREETING=hello world", "B=x", "JSON={\"a\": \"b c\"}"],
            "Labels": { "org.example.title": "A title", "org.example.n": "1" },
            "Healthcheck": check,
        } });
        let args = ["TOOL=less more".to_owned()];
        let kit = Around { config: &config, comment: "buildkit.dockerfile.v0", args: &args };
        let other = Around { comment: "", ..kit };
        let health = "--interval=30s --retries=2 CMD curl -f \"$URL\" || exit 1";
        for (around, written, text) in [
            (&kit, "ARG TOOL=less more", "TOOL=\"less more\""),
            (&kit, "ARG TOOL", "TOOL"),
            (&kit, "ENV GREETING=hello world B=x", "GREETING=\"hello world\" B=x"),
            (&kit, "ENV JSON={\"a\": \"b c\"}", "JSON=\"{\\\"a\\\": \\\"b c\\\"}\""),
            (&kit, "LABEL org.example.title=A title org.example.n=1", "org.example.title=\"A title\" org.example.n=1"),
            (&kit, "ENTRYPOINT [\"tini\" \"say \\\"x\\\"\"]", "[\"tini\",\"say \\\"x\\\"\"]"),
            (&kit, "CMD []", "[]"),
            (&kit, "HEALTHCHECK &{[\"CMD-SHELL\" \"curl\"] \"30s\" \"0s\" \"0s\" \"0s\" '\\x02'}", health),
            (&kit, "RUN |1 TOOL=less more pip install six # buildkit", "pip install six"),
            (&other, "/bin/sh -c #(nop)  ENV GREETING=hello world B=x", "GREETING=\"hello world\" B=x"),
            (&other, "/bin/bash -o pipefail -c #(nop)  CMD [\"a\" \"b\"]", "[\"a\",\"b\"]"),
            (&other, "/bin/sh -e -c #(nop) COPY --chown=1:2 dir:12ab in /srv ", "--chown=1:2 dir:12ab /srv"),
            (&other, "/bin/sh -c #(nop) ENV GREETING=\"hello world\" B=x", "GREETING=\"hello world\" B=x"),
            (&other, "/bin/sh -c #(nop) CMD [\"a\", \"b\"]", "[\"a\", \"b\"]"),
            (&other, "ENV GREETING=\"hello world\"", "GREETING=\"hello world\""),
        ] {
            assert_eq!(read(written, around).text, text, "{written}");
        }
        assert_eq!(read("RUN |1 TOOL=less more pip install six # buildkit", &kit).args, args);
    }

    #[test]
    fn a_history_that_does_not_fit_is_none() {
        let config = json!({ "history": [
            { "created_by": "ADD x / # buildkit" },
            { "created_by": "CMD [\"a\"]", "empty_layer": true },
        ] });
        assert_eq!(steps(&config, 1).len(), 2);
        assert_eq!(steps(&config, 1)[0].layer, Some(0));
        assert_eq!(steps(&config, 2), []);
    }
}
