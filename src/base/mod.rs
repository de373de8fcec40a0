//! Floor 0: what every other floor stands on. Places in text, sources, files, nearest names.
//!
//! Nothing here knows the language. It imports no other floor.

mod address;
mod files;
mod mark;
mod nearest;
mod remembered;
mod source;
mod span;

pub(crate) use address::is_placeholder;
pub use address::{credentials, unescaped};
pub use files::{Entry, FileError, Files, Kind, MAX_FILE_BYTES, MemoryFiles, Overlay, Readable, join, parent_of};
pub use mark::{MARK, mark};
pub use nearest::{nearest, or_nearest};
pub use remembered::Remembered;
pub use source::{Position, Source, Sources};
pub use span::{FileId, Place, Span, Spanned};

/// A map in the order in which its keys came.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, foldhash::fast::RandomState>;
/// A set in the order in which its members came.
pub type IndexSet<T> = indexmap::IndexSet<T, foldhash::fast::RandomState>;

/// Adds to a list that mostly stays at one item: the first item reserves no room for more.
pub fn push_alone<T>(all: &mut Vec<T>, one: T) {
    if all.is_empty() {
        all.reserve_exact(1);
    }
    all.push(one);
}
