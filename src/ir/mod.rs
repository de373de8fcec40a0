//! Floor 1: what a program means, as plain typed data. One concept a file; each fact with the place it comes from; no syntax.
//!
//! Everything is resolved here: imports, names, fragments, conditions on axes. What is left open is only what one file must
//! say for several platforms (see [`Only`]) and what several cells of one Dockerfile may share (see [`Segment`]).

mod account;
mod base_image;
mod cell;
mod date;
mod ecosystem;
mod hub;
mod ids;
mod install;
mod lock;
mod locked;
mod output;
mod package;
mod platform;
mod program;
mod project;
mod rebuild;
mod references;
mod step;
mod text;
mod toml;

pub use account::{Account, without_host};
pub use base_image::Base;
pub use cell::{AxisPoint, Cell, CiPolicy, Image, Member, Parent, Probe, Recipe, Tag, Test, TestKind};
pub use date::Date;
pub use ecosystem::Ecosystem;
pub use hub::*;
pub use ids::{BaseId, CellId, ImageId};
pub use install::{Install, InstallItem, LockedList, LockedWords, Mount, MountSource, Secret};
pub use lock::{LOCK, Lock, Release};
pub use locked::{LOCKS, Lockable, Locks, Pin, Section, is_written_lock, read_sections, write_sections};
pub use output::{BakeOutput, CatalogFormat, CatalogOutput, Commits, DockerfilesOutput, HubOutput, Outputs, PullRequests, WorkflowOutput};
pub use package::{Listed, Package, PackageSource, Requirement, RequirementKind, Wanted, of_patterns};
pub use platform::{Only, Platform};
pub use program::{Allow, Defined, Program};
pub use project::{Project, Repository};
pub use rebuild::Period;
pub use references::{ImageRef, LocalFile, Via};
pub use step::{BuildSource, Copy, CopySource, FILE_MODE, Fetch, Folders, Growing, Healthcheck, Run, RunAs, SourceBuild, Step, StepKind};
pub use text::{ExpandPart, Expandable, Script, Segment, Segments, ShellPart, ShellText, Verbatim};
pub use toml::{BadLine, TomlTable, TomlValue, read_toml, toml_text};
