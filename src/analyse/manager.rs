//! One package manager, as its `installer` says it.

use std::rc::Rc;

use super::definitions::UnitId;
use crate::base::IndexMap;
use crate::ir::{Ecosystem, RunAs};
use crate::syntax::ast::Text;
use crate::versions::Scheme;

/// One package manager.
#[derive(Debug)]
pub(crate) struct Installer<'a> {
    /// The word of its lists.
    pub(crate) name: Rc<str>,
    /// The file it is defined in: where its templates look for names.
    pub(crate) unit: UnitId,
    /// How its versions compare.
    pub(crate) scheme: Scheme,
    /// Where its packages come from.
    pub(crate) ecosystem: Ecosystem,
    /// Who runs it.
    pub(crate) run_as: RunAs,
    /// Commands before.
    pub(crate) before: Vec<&'a Text>,
    /// Commands after, in the same layer.
    pub(crate) after: Vec<&'a Text>,
    /// Single templates by field: `command`, `item`.
    pub(crate) templates: IndexMap<&'static str, &'a Text>,
    /// What `enable KIND` runs, by kind.
    pub(crate) enable: IndexMap<String, &'a Text>,
    /// Options of its lists, by word.
    pub(crate) options: IndexMap<String, InstallOption<'a>>,
}

/// An option of a list.
#[derive(Debug)]
pub(crate) struct InstallOption<'a> {
    /// The names of its values.
    pub(crate) parameters: Vec<String>,
    /// What it adds to the command.
    pub(crate) flag: Option<&'a Text>,
    /// Commands before all others of the step.
    pub(crate) before: Vec<&'a Text>,
    /// Commands at the end of the step.
    pub(crate) after: Vec<&'a Text>,
}
