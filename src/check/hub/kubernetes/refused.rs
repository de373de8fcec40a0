//! The finding of what Kubernetes refuses.

use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};

pub(super) fn refused(place: Place, message: String) -> Diagnostic {
    Diagnostic::new(&known::REFUSED_BY_KUBERNETES, place, message)
}
