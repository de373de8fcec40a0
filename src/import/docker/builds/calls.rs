//! `docker build -t NAME -f FILE CONTEXT`, in scripts and comments.

use super::call::{Call, holes};

/// Options of `docker build` that a value follows and that say nothing of what is built.
const VALUES: [&str; 16] = [
    "--platform",
    "--label",
    "--cache-from",
    "--cache-to",
    "--output",
    "-o",
    "--secret",
    "--ssh",
    "--builder",
    "--progress",
    "--network",
    "--iidfile",
    "--metadata-file",
    "--annotation",
    "--add-host",
    "--shm-size",
];

/// The calls in a text; `known` gives the values of words that are filled in.
pub(super) fn calls(text: &str, known: &dyn Fn(&str) -> Option<String>) -> Vec<Call> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let mut all = Vec::new();
    for line in joined.lines() {
        let mut before = String::new();
        for (at, piece) in line.split(" build ").enumerate() {
            if at > 0 && is_builder(&before) {
                all.extend(call(piece, known));
            }
            piece.clone_into(&mut before);
        }
    }
    all
}

fn is_builder(before: &str) -> bool {
    let last = before.rsplit(['&', ';', '|', '"', '\'']).next().unwrap_or(before).trim();
    last.split_whitespace().any(|word| matches!(word, "docker" | "podman" | "buildah" | "buildx" | "nerdctl" | "@docker"))
}

fn call(text: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<Call> {
    let text = text.split(['&', ';', '|']).next().unwrap_or(text);
    let filled = holes(text, known);
    let mut call = Call::default();
    let mut context = None;
    let bare = |word: &str| word.replace(['"', '\''], "");
    let mut words = filled.split_whitespace().map(bare).peekable();
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.to_owned())),
            _ => (word.clone(), None),
        };
        let mut next = || value.clone().or_else(|| words.next());
        match option.as_str() {
            "-t" | "--tag" => call.tags.extend(next()),
            "-f" | "--file" => call.file = next(),
            "--target" => call.target = next(),
            "--build-arg" => {
                if let Some((name, value)) = next().as_deref().and_then(|pair| pair.split_once('=')) {
                    call.args.insert(name.to_owned(), value.to_owned());
                }
            }
            "--build-context" => {
                if let Some((name, value)) = next().as_deref().and_then(|pair| pair.split_once('=')) {
                    call.contexts.insert(name.to_owned(), value.to_owned());
                }
            }
            option if VALUES.contains(&option) => drop(next()),
            option if option.starts_with('-') => {}
            _ => {
                if context.is_none() {
                    context = Some(word);
                }
            }
        }
    }
    call.context = context?;
    Some(call)
}

#[cfg(test)]
mod tests {
    use super::super::Build;
    use super::*;

    #[test]
    fn calls_name_images() {
        let files = ["images/a/Dockerfile".to_owned(), "images/b/Dockerfile".to_owned(), "Dockerfile".to_owned()];
        let shown = |text: &str| -> Vec<String> {
            let all: Vec<Build> = calls(text, &|_| None).iter().flat_map(|call| call.builds("", &files)).collect();
            all.iter().map(|one| format!("{} {} {} {:?}", one.repository, one.dockerfile, one.context, one.args)).collect()
        };
        assert_eq!(
            shown("- run: docker build -t h/x-${{ matrix.image }}:latest images/${{ matrix.image }} && docker push h"),
            ["h/x-a images/a/Dockerfile images/a {}", "h/x-b images/b/Dockerfile images/b {}"]
        );
        assert_eq!(shown("# Build: docker build -f images/a/Dockerfile -t h/a:1 ."), ["h/a images/a/Dockerfile  {}"]);
        assert_eq!(
            shown("docker buildx build --push --build-arg V=1 --build-arg=W=\"2\" -t h/r:$TAG ."),
            ["h/r Dockerfile  {\"V\": \"1\", \"W\": \"2\"}"]
        );
        assert_eq!(shown("docker build -t $OWNER/r ."), [" Dockerfile  {}"]);
        assert_eq!(shown("npm run build -t x ."), Vec::<String>::new());
    }
}
