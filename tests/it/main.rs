//! The ordinary tests, in one binary.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod blocks;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod build;
#[cfg(test)]
mod cells;
#[cfg(test)]
mod circles;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod conda;
#[cfg(test)]
mod conflicts;
#[cfg(test)]
mod dockerfiles;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod fix;
#[cfg(test)]
mod fixes;
#[cfg(test)]
mod floors;
#[cfg(test)]
mod fmt;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod import;
#[cfg(test)]
mod init;
#[cfg(test)]
mod injection;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod lock;
#[cfg(test)]
mod menus;
#[cfg(test)]
mod packaging;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod realistic;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tags;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod watch;
#[cfg(test)]
mod why;
