//! What is mounted for a `RUN`: files of other images and of the project, and secrets.

use std::fmt::Write as _;

use super::quote;
use super::run::RunWriter;
use crate::ir::{LocalFile, LockedList, Mount, MountSource, Secret};

impl<'a> RunWriter<'_, 'a> {
    pub(super) fn mount(&mut self, mount: &'a Mount) {
        match &mount.source {
            MountSource::Image { image, path } => {
                let stage = self.body.stage(image, &mount.name);
                self.bind(Some(&stage), path, &mount.target);
            }
            MountSource::File(file) => self.bind_file(file, &mount.target),
            MountSource::Local { path, files } => {
                self.body.files.extend(files);
                self.bind(None, path, &mount.target);
            }
            MountSource::Download { url, .. } => {
                let name = self.body.download(url, mount.target.rsplit('/').next().unwrap_or_default());
                self.bind(Some("downloads"), &format!("/{name}"), &mount.target);
            }
            MountSource::List(list) => self.bind_list(list, &mount.target),
            MountSource::Secret(secret) => self.secret(&mount.name, secret, &mount.target),
        }
    }

    /// A secret: a file that only the step sees, readable for whoever runs it.
    fn secret(&mut self, name: &str, secret: &'a Secret, target: &str) {
        self.line(0);
        let _ = write!(self.body.text, "--mount=type=secret,id={name},required=true");
        if secret.variable.is_none() {
            let _ = write!(self.body.text, ",target={target}");
        }
        match self.body.user.filter(|account| !account.assumed).map(|account| account.uid) {
            Some(Some(uid)) => drop(write!(self.body.text, ",uid={uid}")),
            Some(None) => self.push(",mode=0444"),
            None => {}
        }
    }

    fn bind_file(&mut self, file: &'a LocalFile, target: &str) {
        self.body.files.push(file);
        self.bind(None, &file.path, target);
    }

    /// A list of a lock; cells of one file may have other ones.
    fn bind_list(&mut self, list: &'a LockedList, target: &str) {
        self.body.lists.push(list);
        self.line(0);
        self.push("--mount=type=bind,source=");
        self.body.path(&list.path);
        self.push(",target=");
        self.push(target);
    }

    /// A bind mount: a file that is there for this step only.
    pub(super) fn bind(&mut self, from: Option<&str>, source: &str, target: &str) {
        self.line(0);
        self.push("--mount=type=bind");
        if let Some(stage) = from {
            self.push(",from=");
            self.push(stage);
        }
        // A value of a mount is read as CSV; what CSV or the Dockerfile would split can't stand in it.
        let source = if source.is_empty() { "." } else { source };
        for (key, value) in [(",source=", source), (",target=", target)] {
            self.push(key);
            quote::literal_path(&mut self.body.text, value);
        }
    }
}
