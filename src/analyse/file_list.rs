//! What a list in a file asks for.

use crate::base::Place;
use crate::ir::{LocalFile, PackageSource};
use crate::requirements::Marker;
use crate::versions::Constraint;

/// What a list in a file, with all files that it names, asks for.
#[derive(Debug, Default)]
pub(crate) struct FileList {
    /// The files: the first one names the others.
    pub(crate) files: Vec<LocalFile>,
    /// The packages, in the order of reading.
    pub(crate) entries: Vec<FileEntry>,
    /// Whether pip wants a checksum for each package, as it does where one has one.
    pub(crate) hashed: bool,
    /// Whether it describes an environment rather than naming packages one a line.
    pub(crate) described: bool,
}

/// One package of a list in a file.
#[derive(Debug)]
pub(crate) struct FileEntry {
    /// `pypi` or `conda`.
    pub(crate) ecosystem: &'static str,
    /// Where it stands in the file.
    pub(crate) place: Place,
    /// Its name as written.
    pub(crate) name: String,
    /// `[and-cuda]`
    pub(crate) extras: Vec<String>,
    /// The versions.
    pub(crate) constraint: Constraint,
    /// Where it comes from.
    pub(crate) source: PackageSource,
    /// Its channel.
    pub(crate) channel: Option<String>,
    /// The folder of the channel, where the list says it: `linux-64`.
    pub(crate) subdir: Option<String>,
    /// When it is wanted at all.
    pub(crate) marker: Option<Marker>,
    /// Whether it only bounds what others ask for: an entry of a constraint file.
    pub(crate) bound: bool,
    /// Whether it has checksums.
    pub(crate) locked: bool,
}
