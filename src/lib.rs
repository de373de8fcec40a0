//! `jenvc` compiles `.jenv` files, in which the people who run a `JupyterHub` describe the environments their users can
//! pick, to Dockerfiles, a GitHub workflow, a bake file and the `ConfigMap` that puts the profiles on the hub.
//!
//! The floors, each importing only those before it: [`base`], [`diagnostics`], [`ir`], [`versions`], [`syntax`],
//! [`analyse`], [`check`], [`emit`], [`driver`], [`import`],
//! [`report`], [`cli`].

pub mod analyse;
pub mod base;
pub mod check;
pub mod cli;
pub mod diagnostics;
pub mod driver;
pub mod emit;
pub mod format;
pub mod import;
pub mod ir;
pub mod report;
pub mod requirements;
mod shell;
pub mod syntax;
pub mod versions;
