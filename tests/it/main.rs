//! The ordinary tests, in one binary.

mod architecture;
mod blocks;
mod cli;
mod examples;
mod explain;
mod fixes;
mod floors;
mod properties;
mod readme;
mod support;
mod tidy;
