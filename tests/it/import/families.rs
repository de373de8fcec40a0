//! Whole families of Dockerfiles in the manner of public ones, under `tests/import/`: what becomes of them, in figures.

use super::{counts, imported, originals, proven};
use crate::support::{Workplace, files_under, text};

fn family(name: &str) -> Workplace {
    let folder = format!("tests/import/{name}/");
    originals(files_under(&folder).into_iter().map(|path| (path.strip_prefix(&folder).unwrap().to_owned(), text(&path))))
}

/// How many of a hundred package instructions are lists, and whether at most one of six steps is a `run`.
fn figures(name: &str) -> (u64, bool) {
    let place = family(name);
    let printed = imported(&place);
    proven(&place);
    let [lists, steps, runs] = counts(&printed);
    let of = |key: &str| printed["installs"][key].as_u64().unwrap();
    (of("lists") * 100 / of("all"), runs * 6 <= lists + steps + runs)
}

/// UBI, several stages, variables of the shell, here-documents, micromamba.
#[test]
fn images_of_a_platform() {
    assert_eq!(figures("platform"), (100, true));
}

/// Ubuntu, Miniforge, R, files of packages, downloads in shell: a list at an address is in no list.
#[test]
fn images_of_a_campus() {
    assert_eq!(figures("campus"), (96, true));
    let place = family("campus");
    imported(&place);
    let holds = |layer: &str, wanted: &str| {
        let text = place.read(&format!("program/layers/{layer}.jenv"));
        assert!(text.contains(wanted), "{wanted}\n{text}");
    };
    holds("base", "    # LaTeX for nbconvert\n    texlive-xetex\n    lmodern\n    # for the terminal\n    htop\n    less\n");
    holds("gpu", "path LD_LIBRARY_PATH prepend \"/srv/conda/lib\"");
    holds("r", "    ggplot2  ==3.5.1\n");
    holds("r", "    IRkernel git \"https://github.com/IRkernel/IRkernel\" rev \"1.3.2\"\n");
    holds("r", "cran index \"https://cloud.r-project.org\" { data.table }");
    holds("course", "# the maps of the second week\n    cartopy\n");
    holds("course", "conda env r channel \"conda-forge\" { r-base =4.4  r-irkernel  r-tidyverse }");
    holds("tools", "pip-upgrade { \"pip\" setuptools wheel }");
}
