//! Names that two things can't share, and names that are too long for what must carry them.

use super::cells::{Built, cell_ref};
use super::context::Context;
use crate::base::IndexMap;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Image, Tag};

/// The longest name of an image: it is a part of job names, bake targets and files.
const MAX_NAME: usize = 100;
/// The longest readable part of a tag: a tag has 128 characters, 13 of them for the hash.
const MAX_READABLE: usize = 115;

/// Reports what collides or is too long.
pub(crate) fn report(cx: &Context<'_>, built: &Built<'_>) {
    names(cx, built);
    slugs(cx, built);
    tags(cx, built);
}

/// Two images of one name would share a Dockerfile, a job and a target.
fn names(cx: &Context<'_>, built: &Built<'_>) {
    let mut seen: IndexMap<String, &Image> = IndexMap::default();
    for image in &built.images {
        if image.name.len() > MAX_NAME {
            cx.report(
                Diagnostic::new(
                    &known::REFUSED_NAME,
                    image.origin,
                    format!("the name `{}` has {} characters", image.name, image.name.len()),
                )
                .here("it becomes a part of job names and files")
                .help(format!("shorten it to at most {MAX_NAME}")),
            );
        }
        if let Some(other) = seen.insert(image.name.clone(), image) {
            cx.report(
                Diagnostic::new(&known::SAME_IMAGE_NAME, image.origin, format!("two images are called `{}`", image.name))
                    .here("this one")
                    .also(other.origin, "and this one")
                    .help("rename one of the layers: an image made by `onto` or of shared open layers joins their names by a hyphen"),
            );
        }
    }
}

/// Two cells of an image whose names are equal in files and targets.
fn slugs(cx: &Context<'_>, built: &Built<'_>) {
    for image in &built.images {
        let mut seen: IndexMap<String, &str> = IndexMap::default();
        for id in &image.cells {
            let Some(cell) = built.cells.get(id.0 as usize) else { continue };
            if cell.name.len() > MAX_READABLE {
                cx.report(
                    Diagnostic::new(
                        &known::REFUSED_NAME,
                        image.origin,
                        format!("the readable part of a tag has {} characters: `{}`", cell.name.len(), cell.name),
                    )
                    .help(format!("shorten the values of the axes: at most {MAX_READABLE} characters leave room for the hash")),
                );
                return;
            }
            if let Some(other) = seen.insert(cell.slug().to_ascii_lowercase(), &cell.name) {
                cx.report(
                    Diagnostic::new(
                        &known::SAME_CELL_NAME,
                        image.origin,
                        format!(
                            "two cells of `{}` have names that differ in nothing a file or a job keeps: `{other}` and `{}`",
                            image.name, cell.name
                        ),
                    )
                    .help("give the values of the axes other names")
                    .in_cells([cell_ref(&image.name, &cell.axes)]),
                );
            }
        }
    }
}

/// Two cells that claim one repository and one further tag.
fn tags(cx: &Context<'_>, built: &Built<'_>) {
    let mut seen: IndexMap<(&str, String), (&Image, &str)> = IndexMap::default();
    for image in built.images.iter().filter(|image| image.publish) {
        for id in &image.cells {
            let Some(cell) = built.cells.get(id.0 as usize) else { continue };
            let prefix = image.tag_prefix(*id, cell);
            for tag in cell.tags.iter() {
                let text = match tag {
                    Tag::Text(text) => format!("{prefix}{text}"),
                    Tag::Exact(text) => text.clone(),
                    Tag::Date => format!("{prefix}<date>"),
                    Tag::Sha => format!("{prefix}<commit>"),
                    Tag::Probe(probe) => format!("{prefix}{}-<probe>", probe.name),
                };
                if let Some((other, name)) = seen.insert((&cell.repository, text.clone()), (image, &cell.name)) {
                    cx.report(claimed(&format!("{}:{text}", cell.repository), (other, name), (image, &cell.name)));
                    return;
                }
            }
        }
    }
}

/// The finding for a tag of two cells: each an image and the readable name of its cell.
fn claimed(reference: &str, (other, its): (&Image, &str), (image, own): (&Image, &str)) -> Diagnostic {
    if std::ptr::eq(other, image) {
        return Diagnostic::new(
            &known::SAME_TAG,
            image.origin,
            format!("the cells `{its}` and `{own}` of `{}` both claim `{reference}`", image.name),
        )
        .here("cells of this image")
        .help("put an axis into the tag, as in `tags { exact \"{{ python }}\" }`");
    }
    Diagnostic::new(&known::SAME_TAG, image.origin, format!("`{}` and `{}` both claim `{reference}`", other.name, image.name))
        .here("this one")
        .also(other.origin, "and this one")
        .help("give one of them a `repository` of its own, other `tags`, or mark it `internal`")
}
