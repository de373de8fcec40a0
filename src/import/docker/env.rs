//! `ENV` → variables and paths.

use super::read::Instruction;
use super::stage::Stage;
use super::steps::Act;
use super::words::{names, pairs};

impl Stage<'_> {
    /// What names itself at an end adds to a path.
    pub(super) fn env(&mut self, one: &Instruction) {
        let all = pairs(&one.text);
        // All values of one instruction see what was before it.
        let values: Vec<(String, String)> = all.iter().map(|(name, value)| (name.clone(), self.state.expand(value))).collect();
        for (name, written) in &all {
            let own = |entry: &str| names(entry) == [name.as_str()] && entry.starts_with('$');
            let entries: Vec<&str> = written.split(':').collect();
            let plain = |range: &[&str]| range.iter().map(|entry| self.state.rewritten(entry)).collect::<Vec<_>>();
            // `${NAME:+:${NAME}}`: no colon where there is nothing yet.
            let more = |around: &str| around.replace("NAME", name);
            let before = written.strip_suffix(&more("${NAME:+:${NAME}}")).filter(|before| !before.is_empty());
            let behind = written.strip_prefix(&more("${NAME:+${NAME}:}"));
            let parts = |text: &str| plain(&text.split(':').collect::<Vec<_>>());
            let act = match (before, behind, entries.as_slice()) {
                (Some(before), ..) => Act::Path(name.clone(), true, parts(before)),
                (_, Some(behind), _) => Act::Path(name.clone(), false, parts(behind)),
                (.., [first @ .., last]) if own(last) && !first.is_empty() => Act::Path(name.clone(), true, plain(first)),
                (.., [first, rest @ ..]) if own(first) && !rest.is_empty() => Act::Path(name.clone(), false, plain(rest)),
                _ => Act::Env(name.clone(), self.state.rewritten(written)),
            };
            if act == Act::Env(name.clone(), format!("${{{name}}}")) {
                self.written += 1;
                continue;
            }
            self.add(one, act, Vec::new());
        }
        self.state.env.extend(values);
    }
}
