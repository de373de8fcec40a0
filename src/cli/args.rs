//! Every flag and every argument, in one place: help, completions and man pages are made from it.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Args as Arguments, Parser, Subcommand, ValueEnum};

use super::fmt::Fmt;
use super::global::{DIFFERENCES, DRAWINGS, Format, Global, one_of};
use super::import::Import;
use super::lock::{Export, Lock, Outdated};
use super::update::Update;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "jenvc", version, about = ABOUT, max_term_width = 100, after_help = EXIT_STATUS)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

const ABOUT: &str = "Compiles the environments of a JupyterHub: .jenv files in, Dockerfiles, a workflow, a bake file and the menu out";

const EXIT_STATUS: &str =
    "Exit status: 0 clean, 1 errors, 2 a difference, 3 not formatted, 4 stale lock, 5 undecided,\n64 wrong usage, 70 a bug in jenvc.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Begins a program: from flags, or from a few questions.
    Init(Init),
    /// Reads what people have and writes the program that it amounts to: Dockerfiles, the `profileList` of a hub.
    Import(Import),
    /// Compiles a program and writes the files that change.
    Build(Build),
    /// Finds everything that is wrong and writes nothing.
    Check(Check),
    /// Writes the files of a program in the one style.
    Fmt(Fmt),
    /// Lists what a program holds.
    List(List),
    /// Shows one image with all that goes into it, or a file of the standard library.
    Show(Show),
    /// Reports what the change since a revision means: images rebuilt and why, packages, menus.
    Diff(Diff),
    /// Draws which stacks there are, with their cells, as a tree.
    Tree(Tree),
    /// Draws what stands on what, as SVG, Mermaid or DOT.
    Graph(Graph),
    /// Reports who asks for a package, layer by layer, and what is left.
    Why(Why),
    /// Resolves the packages of `pip` lists, and writes `locks/`: versions, files and what they require.
    Lock(Lock),
    /// Lists what could be newer than it is locked, within the constraints and beyond them.
    Outdated(Outdated),
    /// Writes what is locked as files of PEP 751, `pylock.NAME.toml`, for pip, uv and others.
    Export(Export),
    /// Writes `jenv.lock`: what entries with `keep` name now, the day, week or month for images with `rebuild`.
    Update(Update),
    /// Explains a word of the language or a finding: what it means, an example, the ways out.
    Explain(Explain),
    /// Prints the completions for a shell.
    Completions(Completions),
    /// Prints the manual page, or writes one for each subcommand.
    Man(Man),
}

#[derive(Arguments, Debug)]
pub(super) struct Init {
    /// The folder of the program; the current one where left out.
    pub(super) folder: Option<PathBuf>,
    /// What the project is called; the name of the folder where left out.
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// The registry and the owner that the images go to; guessed from the remote `origin` where left out.
    #[arg(long, value_name = "REGISTRY")]
    pub(super) registry: Option<String>,
    /// Which of the community's published images everything stands on [default: scipy].
    #[arg(long, value_enum, value_name = "IMAGE")]
    pub(super) base: Option<PublishedImage>,
    /// Writes the GitHub workflow that builds and pushes the images, too.
    #[arg(long)]
    pub(super) workflow: bool,
    /// Writes a `.pre-commit-config.yaml`, too, or shows what to add to it.
    #[arg(long)]
    pub(super) pre_commit: bool,
}

/// Images of the community that a first program may stand on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PublishedImage {
    Base,
    Minimal,
    #[default]
    Scipy,
    R,
    Datascience,
    Tensorflow,
    Pytorch,
    Pyspark,
}

impl PublishedImage {
    /// `scipy-notebook`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Base => "base-notebook",
            Self::Minimal => "minimal-notebook",
            Self::Scipy => "scipy-notebook",
            Self::R => "r-notebook",
            Self::Datascience => "datascience-notebook",
            Self::Tensorflow => "tensorflow-notebook",
            Self::Pytorch => "pytorch-notebook",
            Self::Pyspark => "pyspark-notebook",
        }
    }

    /// Whether the standard library knows it for several versions of Python.
    pub(super) fn has_pythons(self) -> bool {
        self != Self::Base
    }
}

#[derive(Arguments, Debug)]
pub(super) struct Build {
    /// The file that the program begins in, or its folder.
    pub(super) file: Option<PathBuf>,
    /// Writes nothing; shows what would change and exits with 2 where something would.
    #[arg(long)]
    pub(super) check: bool,
    /// Overwrites files that jenvc did not write.
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Arguments, Debug)]
pub(super) struct Check {
    /// Files or folders; the program that each belongs to is found.
    pub(super) files: Vec<PathBuf>,
    /// Checks again after every save, until Ctrl-C.
    #[arg(long, conflicts_with = "fix")]
    pub(super) watch: bool,
    /// Applies the fixes that change no meaning to the files of the program, then reports what is left.
    #[arg(long, conflicts_with = "watch")]
    pub(super) fix: bool,
    /// With `--fix`: shows what it would change as a diff and exits with 2 where it would change something.
    #[arg(long, requires = "fix")]
    pub(super) diff: bool,
}

/// What `list` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Images that are built, with their cells.
    #[value(alias = "image", alias = "layers")]
    Images,
    /// What people pick on the menus, in the order of the page.
    #[value(alias = "environment", alias = "profiles", alias = "menu")]
    Environments,
    /// Packages, with what is asked of them and by which images.
    #[value(alias = "package")]
    Packages,
    /// The axes of each image.
    Axes,
    /// Files that are read and written.
    Files,
}

/// The first argument of `list`.
#[derive(Clone, Debug)]
pub(super) enum Listed {
    /// What is listed.
    Kind(Kind),
    /// The program whose images are listed.
    Program(PathBuf),
}

/// Reads a kind, or the path of a program.
#[derive(Clone)]
struct ListedParser;

impl TypedValueParser for ListedParser {
    type Value = Listed;

    fn parse_ref(&self, command: &clap::Command, argument: Option<&Arg>, value: &OsStr) -> Result<Listed, clap::Error> {
        let kind = EnumValueParser::<Kind>::new().parse_ref(command, argument, value);
        if kind.is_err() && super::find::holds_program(&value.to_string_lossy()) {
            return Ok(Listed::Program(PathBuf::from(value)));
        }
        kind.map(Listed::Kind)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Kind::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

#[derive(Arguments, Debug)]
pub(super) struct List {
    /// What to list; `images` where a program is named alone.
    #[arg(value_parser = ListedParser, default_value = "images")]
    pub(super) kind: Listed,
    /// With `packages`: which images have this one, `xz` or `xz==5.6.0`, by the locks and by what is stated exactly.
    pub(super) package: Option<String>,
    /// The file that the program begins in, or its folder.
    pub(super) file: Option<PathBuf>,
}

#[derive(Arguments, Debug)]
pub(super) struct Show {
    /// An image, an environment, or a file of the standard library: `std.jupyter`.
    pub(super) name: String,
    /// The file that the program begins in, or its folder.
    pub(super) file: Option<PathBuf>,
    /// Which cell, by a value of an axis; may be given more than once. The default cell where left out.
    #[arg(long, value_parser = point, value_name = "AXIS=VALUE")]
    pub(super) cell: Vec<(String, String)>,
}

#[derive(Arguments, Debug)]
pub(super) struct Diff {
    /// The file that the program begins in, or its folder.
    pub(super) file: Option<PathBuf>,
    /// The revision to compare with.
    #[arg(long, default_value = "HEAD", value_name = "REV")]
    pub(super) since: String,
    /// The format of the output; `markdown` is for a comment on a pull request.
    #[arg(id = "format", long, value_parser = one_of(&DIFFERENCES), default_value = "human", value_name = "FORMAT")]
    pub(super) format: Format,
}

/// Which part of the program is drawn, and what is marked in it.
#[derive(Arguments, Debug)]
pub(super) struct Part {
    /// The file that the program begins in, or its folder.
    pub(super) file: Option<PathBuf>,
    /// Only what this environment or image needs.
    #[arg(long = "for", value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Marks what the change since this revision builds anew.
    #[arg(long, value_name = "REV")]
    pub(super) since: Option<String>,
}

#[derive(Arguments, Debug)]
pub(super) struct Tree {
    #[command(flatten)]
    pub(super) part: Part,
}

#[derive(Arguments, Debug)]
pub(super) struct Graph {
    #[command(flatten)]
    pub(super) part: Part,
    /// How it is drawn [default: svg].
    #[arg(id = "format", long, value_parser = one_of(&DRAWINGS), value_name = "FORMAT")]
    pub(super) format: Option<Format>,
}

#[derive(Arguments, Debug)]
pub(super) struct Why {
    /// A layer, an image or an environment; where PACKAGE is left out, the package, which is looked for in the whole program.
    pub(super) name: String,
    /// The package, as any manager calls it.
    pub(super) package: Option<String>,
    /// The file that the program begins in, or its folder.
    pub(super) file: Option<PathBuf>,
    /// Which cells, by a value of an axis; may be given more than once. All of them where left out.
    #[arg(long, value_parser = point, value_name = "AXIS=VALUE")]
    pub(super) cell: Vec<(String, String)>,
    /// What would break if this were asked for, too: `numpy >=2`, or `>=2` of the package. Exits with 1 where something would.
    #[arg(long = "if", value_name = "ENTRY", allow_hyphen_values = true)]
    pub(super) supposed: Option<String>,
    /// The list that would ask for it; the one that has the package in the stack where left out, else `pip`.
    #[arg(long, value_name = "MANAGER", requires = "supposed")]
    pub(super) with: Option<String>,
}

#[derive(Arguments, Debug)]
pub(super) struct Explain {
    /// A word of the language (`fetch`, `profile.memory`), the number or name of a finding, or a part of one; all findings where
    /// left out.
    #[arg(value_name = "WORD")]
    pub(super) what: Option<String>,
}

/// Shells that complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Terminal {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

#[derive(Arguments, Debug)]
#[command(after_help = INSTALL)]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(super) shell: Terminal,
}

const INSTALL: &str = "\
Where they go:
  bash        jenvc completions bash > ~/.local/share/bash-completion/completions/jenvc
  zsh         jenvc completions zsh > ~/.zfunc/_jenvc   (a folder of $fpath)
  fish        jenvc completions fish > ~/.config/fish/completions/jenvc.fish
  powershell  jenvc completions powershell | Out-String | Invoke-Expression   (in $PROFILE)";

#[derive(Arguments, Debug)]
pub(super) struct Man {
    /// The folder that the pages are written to; the main one is printed where left out.
    pub(super) folder: Option<PathBuf>,
}

fn point(text: &str) -> Result<(String, String), String> {
    let (axis, value) = text.split_once('=').ok_or("an axis and a value are wanted: `python=3.11`")?;
    Ok((axis.trim().to_owned(), value.trim().to_owned()))
}
