//! `COPY`, and the words of `COPY` and `ADD`.

use std::fmt::Write as _;

use super::body::Body;
use super::quote;
use crate::ir::{Copy, CopySource, ExpandPart, Expandable, ImageRef, Program};

/// Files of the project or of another image.
pub(super) fn copy<'a>(program: &'a Program, body: &mut Body<'a>, copy: &'a Copy, owner: Option<&str>) {
    let (stage, sources) = match &copy.source {
        CopySource::Text(_) => return,
        CopySource::Local { files, optional: true, .. } if files.is_empty() => return,
        CopySource::Local { paths, files, .. } => {
            body.files.extend(files);
            (None, paths)
        }
        CopySource::Image { image, paths } => (Some(body.stage(image, name_of(program, image))), paths),
    };
    body.text.push_str("COPY");
    if let Some(stage) = &stage {
        body.text.push_str(" --from=");
        body.text.push_str(stage);
    }
    if let Some(owner) = owner {
        body.text.push_str(" --chown=");
        body.text.push_str(owner);
    }
    if let Some(mode) = copy.mode {
        let _ = write!(body.text, " --chmod={mode:o}");
    }
    body.text.push(' ');
    let local = stage.is_none();
    let mut words: Vec<Expandable> = sources.iter().map(|path| source(path, local)).collect();
    words.push(copy.to.clone());
    paths(&mut body.text, &words);
    body.text.push('\n');
}

/// The words of a `COPY` or `ADD`: bare, or as JSON where one holds a space.
pub(super) fn paths(out: &mut String, words: &[Expandable]) {
    let written: Vec<String> = words
        .iter()
        .map(|word| {
            let mut text = String::new();
            quote::path(&mut text, word);
            text
        })
        .collect();
    if written.iter().any(|word| word.is_empty() || word.contains(char::is_whitespace) || word.starts_with('[')) {
        quote::exec(out, &written);
    } else {
        out.push_str(&written.join(" "));
    }
}

/// A source; what would read as an option, a here-document or an address gets `./` in front. `COPY` reads `[` as the start of a range:
/// the file of that name would be passed over in silence.
fn source(path: &str, local: bool) -> Expandable {
    let odd = local && (path.starts_with(['-', '<', '[']) || path.contains("://"));
    let prefix = odd.then(|| ExpandPart::Literal("./".to_owned()));
    let path = match path {
        "" => ".".to_owned(),
        path if local => path.replace('[', "[[]"),
        path => path.to_owned(),
    };
    Expandable(prefix.into_iter().chain([ExpandPart::Literal(path)]).collect())
}

/// What the stage of an image should be called.
pub(super) fn name_of<'a>(program: &'a Program, image: &'a ImageRef) -> &'a str {
    match image {
        ImageRef::Cell(cell) => &program[program[*cell].image].name,
        ImageRef::Base(base) => &program[*base].name,
        ImageRef::Reference(reference) => {
            let path = reference.split('@').next().unwrap_or(reference);
            let last = path.rsplit('/').next().unwrap_or(path);
            last.split(':').next().unwrap_or(last)
        }
    }
}
