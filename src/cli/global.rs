//! The flags that every subcommand takes.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as Arguments, ValueEnum};

use crate::diagnostics::{Code, find_code};
use crate::driver::Policy;
use crate::report;

/// Flags that every subcommand takes.
#[derive(Arguments, Debug)]
pub(super) struct Global {
    /// The format of findings and results.
    #[arg(long, global = true, value_parser = one_of(&FINDINGS), default_value = "human", value_name = "FORMAT")]
    #[arg(help_heading = "Everywhere")]
    pub(super) format: Format,
    /// Takes warnings as errors.
    #[arg(long, global = true, value_enum, value_name = "WHAT", help_heading = "Everywhere")]
    pub(super) deny: Vec<Deny>,
    /// Leaves out warnings and notes of this kind, by number or name; may be given more than once.
    #[arg(long, global = true, value_parser = code, value_name = "CODE", help_heading = "Everywhere")]
    pub(super) allow: Vec<&'static Code>,
    /// When to colour: `auto` asks the terminal, `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE`.
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN", help_heading = "Everywhere")]
    pub(super) color: When,
    /// Prints findings and the requested result only.
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Everywhere")]
    pub(super) quiet: bool,
    /// Prints more: files that were kept, too.
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub(super) verbose: bool,
}

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    Warnings,
}

/// When there is colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// The format of findings and results; each subcommand has its own values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Concise,
    Json,
    Github,
    Sarif,
    Markdown,
    Svg,
    Mermaid,
    Dot,
}

/// What all subcommands take that say nothing else.
pub(super) const FINDINGS: [Format; 5] = [Format::Human, Format::Concise, Format::Json, Format::Github, Format::Sarif];

/// What `diff` takes.
pub(super) const DIFFERENCES: [Format; 3] = [Format::Human, Format::Json, Format::Markdown];

/// What `graph` takes.
pub(super) const DRAWINGS: [Format; 4] = [Format::Svg, Format::Mermaid, Format::Dot, Format::Json];

/// Reads one of some formats.
pub(super) fn one_of(formats: &[Format]) -> impl TypedValueParser<Value = Format> + use<> {
    let names = formats.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(names).try_map(|name| Format::from_str(&name, false))
}

impl Global {
    pub(super) fn policy(&self) -> Policy {
        let deny_warnings = self.deny.contains(&Deny::Warnings);
        Policy { deny_warnings, allow: self.allow.clone(), today: super::clock::today(), repository: None }
    }

    /// The same for the program of a folder.
    pub(super) fn policy_in(&self, root: &std::path::Path) -> Policy {
        Policy { repository: super::repository::around(root), ..self.policy() }
    }

    pub(super) fn json(&self) -> bool {
        self.format == Format::Json
    }
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human | Format::Markdown | Format::Svg | Format::Mermaid | Format::Dot => Self::Human,
            Format::Concise => Self::Concise,
            Format::Json => Self::Json,
            Format::Github => Self::Github,
            Format::Sarif => Self::Sarif,
        }
    }
}

/// The code with this number or name, or the nearest one as a hint.
pub(super) fn code(word: &str) -> Result<&'static Code, String> {
    let names = || crate::diagnostics::ALL_CODES.iter().flat_map(|code| [code.id, code.name]);
    find_code(word).ok_or_else(|| match crate::base::nearest(word, names()) {
        Some(near) => format!("there is no finding `{word}`; did you mean `{near}`?"),
        None => format!("there is no finding `{word}`; `jenvc explain` lists them all"),
    })
}
