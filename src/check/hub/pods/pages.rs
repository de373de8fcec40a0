//! What the pod opens first is in the image.

use super::meeting::Meeting;
use crate::base::{IndexMap, Place};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{CopySource, ShellPart, StepKind};

/// A page of a server.
struct Page {
    /// How its address begins: `/rstudio`.
    starts: &'static [&'static str],
    /// The packages of which one serves it; the first is the one to install.
    packages: &'static [&'static str],
    /// Names in packages, commands, files and images that may bring it.
    hints: &'static [&'static str],
}

/// Pages of known programs. `jupyter-rsession-proxy` serves Shiny as well; `notebook` 7 depends on `JupyterLab`.
const PAGES: [Page; 9] = [
    Page { starts: &["lab", "doc"], packages: &["jupyterlab", "notebook", "jupyterhub-singleuser"], hints: &["jupyter"] },
    Page { starts: &["tree"], packages: &["notebook", "nbclassic"], hints: &["jupyter/", "notebook"] },
    Page { starts: &["nbclassic"], packages: &["nbclassic"], hints: &["nbclassic"] },
    Page { starts: &["rstudio"], packages: &["jupyter-rsession-proxy"], hints: &["rsession", "rstudio", "rocker"] },
    Page { starts: &["shiny"], packages: &["jupyter-shiny-proxy", "jupyter-rsession-proxy"], hints: &["shiny", "rsession"] },
    Page { starts: &["voila"], packages: &["voila"], hints: &["voila"] },
    Page {
        starts: &["vscode", "code-server", "codeserver"],
        packages: &["jupyter-vscode-proxy"],
        hints: &["vscode", "code-server", "codeserver"],
    },
    Page { starts: &["desktop"], packages: &["jupyter-remote-desktop-proxy"], hints: &["desktop"] },
    Page { starts: &["git-pull"], packages: &["nbgitpuller"], hints: &["nbgitpuller"] },
];

/// Pages that are opened where nothing serves them, by where they are named.
#[derive(Default)]
pub(super) struct Pages(IndexMap<Place, Missing>);

/// A page, the package to install, and the images without it.
struct Missing {
    url: String,
    package: &'static str,
    images: IndexMap<Place, String>,
}

impl Pages {
    /// The page of a known program that nothing in the image seems to bring. An image of which nothing is known may hold anything.
    pub(super) fn opened(&mut self, meeting: &Meeting<'_, '_>) {
        let Some((url, place)) = meeting.text("default_url") else { return };
        let first = url.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
        let Some(page) = PAGES.iter().find(|page| page.starts.contains(&first)) else { return };
        let image = &meeting.image;
        let brings = |name: &str| page.packages.contains(&name) || page.hints.iter().any(|hint| name.contains(hint));
        if image.packages().next().is_none() || image.packages().any(|package| brings(&package.normal)) || hinted(meeting, page) {
            return;
        }
        let package = page.packages.first().copied().unwrap_or_default();
        let missing = || Missing { url: url.to_owned(), package, images: IndexMap::default() };
        self.0.entry(place).or_insert_with(missing).images.insert(image.place, image.name.to_string());
    }

    /// Reports each once, however many images are without it.
    pub(super) fn report(self, findings: &mut Findings) {
        for (place, Missing { url, package, images }) in self.0 {
            let Some((image, name)) = images.first() else { continue };
            let more = if images.len() > 1 { format!("; the same in {} more", images.len() - 1) } else { String::new() };
            findings.push(
                Diagnostic::new(&known::PAGE_NOT_THERE, place, format!("nothing in `{name}` serves the page `{url}`{more}"))
                    .here("opened when a server has started")
                    .also(*image, "this image")
                    .help(format!("install `{package}`, say so in `provides` where the base has it, or open another page")),
            );
        }
    }
}

/// Whether a command, a file or an image of the stack has a name that may bring the page.
fn hinted(meeting: &Meeting<'_, '_>, page: &Page) -> bool {
    let hint = |text: &str| page.hints.iter().any(|hint| text.to_ascii_lowercase().contains(hint));
    let base = meeting.base().map(|base| &meeting.program[base]);
    base.is_some_and(|base| hint(&base.repository) || hint(&base.name))
        || meeting.steps().any(|(_, step)| match &step.kind {
            StepKind::Run(run) => hint(&run.script.text),
            StepKind::Build(build) => build.scripts.iter().any(|script| hint(&script.text)),
            StepKind::Copy(copy) => {
                let own = if let CopySource::Local { files, .. } = &copy.source { files.as_slice() } else { &[] };
                hint(&copy.to.written()) || own.iter().any(|file| hint(&file.path))
            }
            StepKind::Fetch(fetch) => hint(&fetch.to.written()),
            StepKind::Install(install) => {
                let texts = install.flags.iter().chain(&install.before).chain(&install.after).flat_map(|text| &text.0);
                texts.into_iter().any(|part| if let ShellPart::Raw(text) = part { hint(text) } else { false })
            }
            _ => false,
        })
}
