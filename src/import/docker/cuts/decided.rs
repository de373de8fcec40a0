//! The conditions of a script that are known where it stands.

use std::borrow::Cow;

use crate::import::docker::fold::{Folded, folded};
use crate::import::docker::read::Instruction;
use crate::import::docker::stage::Stage;
use crate::import::docker::steps::Act;

impl Stage<'_> {
    /// A script without what is never run, as far as its conditions are known here.
    pub(super) fn decided<'i>(&mut self, script: &'i Instruction) -> Cow<'i, Instruction> {
        let known = |name: &str| self.certain(name);
        let Some(Folded { text, by, gone }) = folded(&script.text, &known, self.state.bash).filter(|_| !self.compiled) else {
            return Cow::Borrowed(script);
        };
        for name in by {
            self.fill(&format!("${name}"));
        }
        let mut script = Instruction { text, ..script.clone() };
        script.comments.retain(|(at, _)| !gone.iter().any(|range| range.contains(at)));
        Cow::Owned(script)
    }

    /// The value that a variable has in a shell of this stage, whatever platform it is built for.
    fn certain(&self, name: &str) -> Option<String> {
        let of_platform = ["TARGET", "BUILD"]
            .iter()
            .any(|begin| name.strip_prefix(begin).is_some_and(|rest| matches!(rest, "PLATFORM" | "OS" | "OSVERSION" | "ARCH" | "VARIANT")));
        let declared = || self.steps.iter().any(|step| matches!(&step.act, Act::Arg(known, _) if known == name));
        let value =
            self.state.env.get(name).or_else(|| self.state.args.get(name)?.as_ref().filter(|_| declared() && self.state.own != name));
        value.filter(|value| !of_platform && !value.contains('$')).cloned()
    }
}
