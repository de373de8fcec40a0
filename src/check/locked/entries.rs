//! The entries that a lock holds.

use crate::ir::{Lockable, Package, Platform};

/// Whether an entry is one of an ecosystem for the environment that people are in.
pub(super) fn is_locked(package: &Package, lockable: Lockable) -> bool {
    package.ecosystem == lockable.as_str() && !package.provided && package.environment.is_none()
}

/// Whether an entry is for a platform.
pub(super) fn is_for(package: &Package, platform: Platform) -> bool {
    package.only.as_deref().is_none_or(|only| only.contains(&platform))
}
