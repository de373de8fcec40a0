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
    let mut all = Vec::new();
    let mut next = 0;
    for entry in config.get("history").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut past = read(text("created_by"));
        past.from = text("comment").strip_prefix("FROM ").map(str::to_owned);
        if entry.get("empty_layer").and_then(Value::as_bool) != Some(true) {
            past.layer = Some(next);
            next += 1;
        }
        all.push(past);
    }
    if next == layers { all } else { Vec::new() }
}

fn read(written: &str) -> Past {
    let text = written.trim().trim_end_matches("# buildkit").trim_end();
    let past = |word, text: &str, args: Vec<String>| Past {
        word,
        text: text.trim().to_owned(),
        args,
        written: written.trim().to_owned(),
        ..Past::default()
    };
    if let Some(rest) = text.strip_prefix("/bin/sh -c #(nop)") {
        let (word, rest) = rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
        return match WORDS.iter().find(|known| **known == word) {
            Some(word) => past(word, &normal(word, rest), Vec::new()),
            None => past("", rest, Vec::new()),
        };
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let rest = text.strip_prefix(first).unwrap_or_default();
    match WORDS.iter().find(|known| **known == first) {
        Some(&"RUN") => run(rest, &past),
        Some(word) => past(word, &normal(word, rest), Vec::new()),
        None if text.starts_with("/bin/") || text.starts_with('|') => run(text, &past),
        None => past("", text, Vec::new()),
    }
}

/// `|1 TOOL=tree /bin/sh -c apt-get install $TOOL`
fn run(text: &str, past: &dyn Fn(&'static str, &str, Vec<String>) -> Past) -> Past {
    let mut rest = text.trim_start();
    let mut args = Vec::new();
    if let Some(inner) = rest.strip_prefix('|') {
        let (count, mut inner) = inner.split_once(' ').unwrap_or((inner, ""));
        for left in (0..count.parse::<usize>().unwrap_or(0)).rev() {
            // A value may have blanks: what is behind the last argument begins with a shell.
            let end = if left == 0 { inner.find(" /bin/").unwrap_or(inner.len()) } else { inner.find(' ').unwrap_or(inner.len()) };
            args.push(inner.get(..end).unwrap_or_default().to_owned());
            inner = inner.get(end..).unwrap_or_default().trim_start();
        }
        rest = inner;
    }
    // The shell, with its options up to `-c`.
    if rest.starts_with("/bin/") || rest.starts_with("/usr/bin/") {
        let head = rest.find(" -c ").map(|at| (at, 4)).or_else(|| {
            rest.find("c ").filter(|at| rest.get(..*at).is_some_and(|head| head.contains(" -") && !head.contains('\n'))).map(|at| (at, 2))
        });
        if let Some((at, length)) = head {
            rest = rest.get(at + length..).unwrap_or_default();
        }
    }
    past("RUN", rest, args)
}

/// The text of an instruction, as a Dockerfile has it.
fn normal(word: &str, text: &str) -> String {
    let text = text.trim();
    let inner = |text: &str| text.trim_start_matches("map").trim_start_matches(['[', '{']).trim_end_matches([']', '}']).to_owned();
    match word {
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
            Some((source, to)) if source.starts_with("file:") || source.starts_with("dir:") || source.starts_with("multi:") => {
                format!("{source} {}", to.trim())
            }
            _ => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
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
        for (written, word, text) in rows {
            let past = read(written);
            assert_eq!((past.word, past.text.as_str()), (word, text), "{written}");
        }
        assert_eq!(read("RUN |2 A=b C=d e /bin/sh -c x").args, ["A=b", "C=d e"]);
    }

    #[test]
    fn a_history_that_does_not_fit_is_none() {
        let config = serde_json::json!({ "history": [
            { "created_by": "ADD x / # buildkit" },
            { "created_by": "CMD [\"a\"]", "empty_layer": true },
        ] });
        assert_eq!(steps(&config, 1).len(), 2);
        assert_eq!(steps(&config, 1)[0].layer, Some(0));
        assert_eq!(steps(&config, 2), []);
    }
}
