//! conda's packages by rattler's crates: `repodata.json` of the channels comes by `curl` or from a folder, resolvo finds the answer.

mod cache;
mod channel;
mod progress;
mod repodata;
mod solve;
mod task;

use std::env;
use std::io::{self, IsTerminal};

use super::super::console::Console;
use super::program::Engine;
use crate::check::locked::ALIAS;
use crate::driver::lock::{Answer, Question, Resolver};
use crate::ir::Lockable;
use cache::Cache;
use channel::{Channel, Channels};
use progress::Progress;

/// rattler, with what it has read of channels so far.
pub(in crate::cli::lock) struct Conda {
    channels: Channels,
    /// What is asked in place of an image's own channel, and where channels are that have a name alone: conda's own variables.
    settings: Settings,
}

/// What the machine says of channels.
struct Settings {
    own: Option<Vec<String>>,
    alias: String,
}

impl Settings {
    fn read() -> Self {
        let said = |name: &str| env::var(name).ok().filter(|text| !text.trim().is_empty());
        let list = |text: String| text.split([',', '&']).map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
        Self {
            own: said("CONDA_CHANNELS").map(list),
            alias: said("CONDA_CHANNEL_ALIAS").map_or_else(|| ALIAS.to_owned(), |alias| alias.trim_end_matches('/').to_owned()),
        }
    }

    /// The channels of a question, the first one first.
    fn channels(&self, question: &Question) -> Vec<Channel> {
        let (of_lists, own) = question.channels.split_at(question.channels.len().saturating_sub(1));
        let own = self.own.as_deref().unwrap_or(own);
        let mut all: Vec<Channel> = Vec::new();
        for name in of_lists.iter().chain(own).flat_map(|name| members(name)) {
            let channel = Channel::new(name, &self.alias);
            if !all.contains(&channel) {
                all.push(channel);
            }
        }
        all
    }
}

/// The channels behind a name: `defaults` are two.
fn members(name: &str) -> Vec<&str> {
    match name {
        "defaults" => vec!["pkgs/main", "pkgs/r"],
        "nodefaults" => Vec::new(),
        name => vec![name],
    }
}

impl Conda {
    pub(in crate::cli::lock) fn new(engine: &Engine, console: &Console) -> Self {
        let shown = !console.quiet() && io::stderr().is_terminal();
        let cache = Cache::new(engine.offline);
        Self { channels: Channels::new(cache, Progress::new(shown)), settings: Settings::read() }
    }
}

impl Resolver for Conda {
    fn lockable(&self) -> Lockable {
        Lockable::Conda
    }

    fn name(&self) -> String {
        "rattler_solve 12.0.3".to_owned()
    }

    fn solve(&self, question: &Question) -> Answer {
        solve::solve(question, &self.settings.channels(question), &self.channels)
    }
}
