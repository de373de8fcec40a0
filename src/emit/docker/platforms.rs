//! For which platforms of a cell something is.

use crate::ir::Platform;

/// For which platforms of a cell something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applies<'a> {
    /// All of them.
    Always,
    /// These, some of which are the cell's.
    Some(&'a [Platform]),
    /// None of them.
    Never,
}

impl<'a> Applies<'a> {
    /// What `only` means to a cell with these platforms.
    pub(super) fn of(only: Option<&'a [Platform]>, platforms: &[Platform]) -> Self {
        match only {
            None => Self::Always,
            Some(only) if platforms.iter().all(|platform| only.contains(platform)) => Self::Always,
            Some(only) if platforms.iter().any(|platform| only.contains(platform)) => Self::Some(only),
            Some(_) => Self::Never,
        }
    }

    /// The platforms, where they are not all.
    pub(super) fn some(self) -> Option<&'a [Platform]> {
        if let Self::Some(only) = self { Some(only) } else { None }
    }

    /// Whether it is for this platform of the cell.
    pub(super) fn includes(self, platform: Platform) -> bool {
        match self {
            Self::Always => true,
            Self::Some(only) => only.contains(&platform),
            Self::Never => false,
        }
    }
}
