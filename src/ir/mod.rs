//! Floor 1: what a program means, as plain typed data. One concept a file; each fact with the place it comes from; no syntax.
//!
//! Everything is resolved here: imports, names, fragments, conditions on axes. What is left open is only what one file must
//! say for several platforms (see [`Only`]) and what several cells of one Dockerfile may share (see [`Segment`]).

mod account;
mod base_image;
mod cell;
mod ecosystem;
mod hub;
mod install;
mod lock;
mod locked;
mod output;
mod package;
mod platform;
mod program;
mod project;
mod rebuild;
mod step;
mod text;
mod toml;

pub use account::Account;
pub use base_image::Base;
pub use cell::{AxisPoint, Cell, CellId, CiPolicy, Image, ImageId, Member, Parent, Probe, Recipe, Tag, Test, TestKind};
pub use ecosystem::Ecosystem;
pub use hub::*;
pub use install::{Install, InstallItem, LockedList, LockedWords, Mount, MountSource, Secret};
pub use lock::{BadLine, LOCK, Lock, Release};
pub use locked::{LOCKS, Locks, Pin, Section, is_written_lock, read_sections, write_sections};
pub use output::{BakeOutput, CatalogFormat, CatalogOutput, Commits, DockerfilesOutput, HubOutput, Outputs, PullRequests, WorkflowOutput};
pub use package::{Date, Listed, Package, PackageSource, Requirement, RequirementKind};
pub use platform::{Only, Platform};
pub use program::{Allow, BaseId, Defined, Program};
pub use project::{Project, Repository};
pub use rebuild::Period;
pub use step::{
    BuildSource, Copy, CopySource, FILE_MODE, Fetch, Folders, Healthcheck, ImageRef, LocalFile, Run, RunAs, SourceBuild, Step, StepKind,
    Via,
};
pub use text::{ExpandPart, Expandable, Script, Segment, Segments, ShellPart, ShellText, Verbatim};
pub use toml::{TomlTable, TomlValue, read_toml, toml_text};
