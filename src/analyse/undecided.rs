//! J0411: a marker that the build decides.

use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Platform;
use crate::requirements::{Marker, Pythons};

/// What label an entry gets that the build decides about.
pub(crate) const LEFT_OUT: &str = "takes no part in the checks";

/// What is known of a marker.
pub(crate) struct Undecided<'m> {
    /// The marker on a platform that it is open for.
    pub(crate) open: (Platform, &'m Marker),
    /// The platforms for which it holds.
    pub(crate) known: &'m [Platform],
    /// The interpreters that are possible.
    pub(crate) pythons: &'m Pythons,
}

impl Undecided<'_> {
    /// The note: `what` is, say, ``whether `numpy` is installed is``, and `left` what the build decides.
    pub(crate) fn finding(&self, place: Place, what: &str, left: &str) -> Diagnostic {
        let finding = Diagnostic::new(&known::UNDECIDED_MARKER, place, format!("{what} decided in the build: `{left}`"));
        let known: Vec<String> = self.known.iter().map(|platform| format!("`{platform}`")).collect();
        let finding = match known.as_slice() {
            [] => finding.here(LEFT_OUT),
            known => finding.here(format!("takes part in the checks for {} alone", known.join(" and "))),
        };
        finding.maybe_help(self.way_out())
    }

    /// What decides it before the build. Nothing does where the marker asks for the machine that builds.
    fn way_out(&self) -> Option<String> {
        let (platform, marker) = &self.open;
        marker.waits_for_python(platform.machine(), self.pythons).then(|| match self.pythons.minor() {
            Some(minor) => format!("name the release where the image gets its Python from: `python =={minor}.4`"),
            None => "say which Python the image has, as in `provides { conda { python 3.12.* } }`".to_owned(),
        })
    }
}
