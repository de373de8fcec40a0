//! What shell steps install: it takes part in the checks, and pip is held to the pins of the stack there, too.

use std::collections::BTreeSet;

use super::walk::Walk;
use crate::analyse::factfiles;
use crate::base::Place;
use crate::ir::{Package, RunAs, Script};
use crate::shell::{Install, Target, installs};

/// A place that no list installs to.
struct Unlisted;

impl Walk<'_, '_> {
    /// Notes the packages of a script that runs in any case, but for those that the step itself says it leaves. Where pip is held to
    /// something in the environment, the script gets the constraint file.
    pub(super) fn installed_by(&mut self, script: &mut Script, run_as: RunAs, step: Place, told: &[Package]) {
        let all = installs(&script.text);
        if all.iter().any(|install| install.manager.list == "conda") {
            self.state.programs.seen(&script.text);
        }
        if ["add-apt-repository", "/etc/apt/", "extrepo enable"].iter().any(|words| script.text.contains(words)) {
            self.renew("apt");
        }
        let mut constraints = Vec::new();
        for install in &all {
            let environment = self.environment_of_target(install).ok();
            if install.manager.list == "pip" {
                // Another place in the same script is held to nothing.
                constraints.push(environment.as_ref().and_then(|environment| self.constraint_file(environment.as_deref())));
            }
            if let (Some(environment), "conda") = (&environment, install.manager.list) {
                self.tell_conda(environment.as_deref(), run_as, step);
            }
            if let Some(environment) = environment.filter(|_| install.certain) {
                self.ask_for(install, environment.as_deref(), script, step, told);
            }
        }
        constraints.dedup();
        if let [Some(file)] = constraints.as_slice() {
            hold_to(script, file, &all);
        }
    }

    fn ask_for(&mut self, install: &Install, environment: Option<&str>, script: &Script, step: Place, told: &[Package]) {
        for named in &install.packages {
            let place = script.place(named.range.clone()).unwrap_or(step);
            let Some(mut package) = factfiles::plain(self.cx, install.manager.ecosystem, &named.name, place) else { continue };
            let is_told = |other: &Package| other.ecosystem == package.ecosystem && other.normal == package.normal;
            if told.iter().any(is_told) {
                continue;
            }
            package.extras.clone_from(&named.extras);
            package.constraint.clone_from(&named.constraint);
            package.index = named.channel.clone().or_else(|| install.index.clone());
            package.environment = environment.map(str::to_owned);
            package.no_deps = install.no_deps;
            package.only = self.only();
            package.via.clone_from(&self.via);
            self.ask(package);
        }
    }

    /// The environment that a command installs to, as lists name it.
    fn environment_of_target(&self, install: &Install) -> Result<Option<String>, Unlisted> {
        let python = matches!(install.manager.list, "pip" | "conda");
        match &install.target {
            Target::Active => Ok(if python { self.state.active.clone() } else { None }),
            Target::Base => Ok(None),
            Target::Environment(name) => Ok(Some(name.clone())),
            Target::Prefix(prefix) => self.environment_of_prefix(prefix),
            Target::Elsewhere => Err(Unlisted),
        }
    }

    fn environment_of_prefix(&self, prefix: &str) -> Result<Option<String>, Unlisted> {
        let conda = self.conda_prefix();
        let prefix = prefix.replace("${CONDA_DIR}", &conda).replace("$CONDA_DIR", &conda);
        let prefix = prefix.trim_end_matches('/');
        match prefix.strip_prefix(&conda) {
            Some("") => Ok(None),
            Some(rest) => rest.strip_prefix("/envs/").filter(|name| !name.contains('/')).map(|name| Some(name.to_owned())).ok_or(Unlisted),
            None if prefix == "/usr" => Ok(Some("system".to_owned())),
            None => Err(Unlisted),
        }
    }
}

/// Names a constraint file to the programs of a script, each by its variable.
fn hold_to(script: &mut Script, file: &str, all: &[Install]) {
    let variables: BTreeSet<&str> = all.iter().filter(|install| install.manager.list == "pip").map(|install| install.variable).collect();
    let words: Vec<String> = variables.iter().map(|variable| format!("{variable}={file}")).collect();
    let export = format!("export {}", words.join(" "));
    let shell = script.text.lines().next().unwrap_or_default().ends_with("sh");
    match script.text.starts_with("#!") {
        false => script.begin_with(&format!("{export} && ")),
        true if shell => script.begin_with(&format!("{export}\n")),
        true => {}
    }
}
