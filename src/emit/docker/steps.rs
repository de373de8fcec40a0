//! The instruction or instructions of one step that runs something: lists, shell, sources, downloads.

use std::fmt::Write as _;

use super::body::{BUILD, Body, Shell};
use super::run::{RunWriter, variables};
use super::{quote, script};
use crate::ir::{BuildSource, Copy, CopySource, Expandable, FILE_MODE, Fetch, Folders, Platform, Run, SourceBuild};

/// Where files get their owner and their modes before they go where others are.
const OWN: &str = "/tmp/.copied";

/// hadolint's rule against `cd`: here it is for one `RUN` alone, and the image keeps its folder.
const CD: &str = "DL3003";

/// A shell step.
pub(super) fn run<'a>(body: &mut Body<'a>, step: &'a Run, only: Option<&[Platform]>) {
    let lines = script::lines(&step.script.text).filter(|lines| !reads_otherwise(lines));
    let single = lines.as_deref().is_some_and(|lines| lines.iter().filter(|line| !line.code.is_empty()).count() == 1);
    if let Some(lines) = lines.as_deref().filter(|_| single) {
        lines.iter().filter_map(|line| line.comment).for_each(|comment| body.comment(0, comment));
    }
    let mut before = variables(&step.mounts);
    if let Some(directory) = &step.directory {
        let mut text = "cd ".to_owned();
        quote::shell_expandable(&mut text, directory);
        before.push(text);
        body.lint.insert(CD);
    }
    let mut writer = RunWriter::begin(body, &step.mounts);
    writer.when(only, |writer| {
        match lines {
            // As it is: the shell of the image stops at a failing command.
            Some(lines) if single && before.is_empty() && only.is_none() && step.after.is_empty() => {
                for line in &lines {
                    writer.as_is(line);
                }
            }
            Some(lines) if single && lines.iter().all(|line| !line.compound) => {
                writer.commands(&before);
                writer.script(&step.script.text);
            }
            Some(lines) if step.after.is_empty() || !script::may_leave(&step.script.text) => {
                return writer.sequence(&lines, &before, &step.after);
            }
            _ => {
                writer.commands(&before);
                writer.command("");
                writer.block(&step.script.text);
            }
        }
        step.after.iter().for_each(|command| writer.script(command));
    });
    writer.end();
}

/// Whether the parser of a Dockerfile would see options or an exec form where the script begins.
fn reads_otherwise(lines: &[script::Line<'_>]) -> bool {
    lines.iter().find(|line| !line.code.is_empty()).is_some_and(|line| line.code.starts_with("--") || line.code.starts_with('['))
        && lines.iter().rfind(|line| !line.code.is_empty()).is_some_and(|line| line.code.starts_with("--") || line.code.ends_with(']'))
}

/// Sources that are fetched, built and removed in one layer.
pub(super) fn build<'a>(body: &mut Body<'a>, step: &'a SourceBuild, only: Option<&[Platform]>) {
    let archive = match &step.source {
        BuildSource::Git { .. } => None,
        BuildSource::Url { url, .. } => Some(body.download(url, &file_name(url))),
    };
    body.lint.insert(CD);
    let mut writer = RunWriter::begin(body, &step.mounts);
    if let Some(name) = &archive {
        writer.bind(Some("downloads"), &format!("/{name}"), &format!("/tmp/{name}"));
    }
    writer.when(only, |writer| {
        writer.commands(&variables(&step.mounts));
        match &step.source {
            BuildSource::Git { url, rev } => clone(writer, url, rev),
            BuildSource::Url { sha256, .. } => {
                let path = format!("/tmp/{}", archive.as_deref().unwrap_or_default());
                if let Some(sha256) = sha256 {
                    writer.checksum(sha256, |out| out.push_str(&path));
                }
                if is_zip(&path) {
                    writer.command_with("unzip -q ", |out| {
                        let _ = write!(out, "{path} -d {BUILD}");
                    });
                    writer.command(&format!("cd {BUILD}/*"));
                } else {
                    writer.command(&format!("mkdir {BUILD}"));
                    writer.command(&format!("tar -xf {path} -C {BUILD} --strip-components=1 --no-same-owner"));
                    writer.command(&format!("cd {BUILD}"));
                }
            }
        }
        step.scripts.iter().for_each(|script| writer.script(&script.text));
        writer.command("cd /");
        writer.command(&format!("rm -rf {BUILD}"));
    });
    writer.end();
}

/// A branch or tag comes alone; what may be a commit needs the history, since servers don't give out abbreviated ones.
fn clone(writer: &mut RunWriter<'_, '_>, url: &str, rev: &str) {
    let commit = rev.len() >= 7 && rev.bytes().all(|b| b.is_ascii_hexdigit());
    if commit {
        writer.command_with("git clone --quiet -- ", |out| {
            quote::argument(out, url);
            out.push(' ');
            out.push_str(BUILD);
        });
        writer.command(&format!("cd {BUILD}"));
        writer.command(&format!("git checkout --quiet {rev}"));
    } else {
        writer.command_with("git clone --quiet --depth 1 --branch ", |out| {
            quote::argument(out, rev);
            out.push_str(" -- ");
            quote::argument(out, url);
            out.push(' ');
            out.push_str(BUILD);
        });
        writer.command(&format!("cd {BUILD}"));
    }
}

/// Folders that are asked for, or for the files of the instructions below.
pub(super) fn folders(body: &mut Body<'_>, folders: &Folders, owner: Option<&str>) {
    let mut writer = RunWriter::begin(body, &[]);
    if let Some(owner) = owner.filter(|_| !folders.asked) {
        for path in &folders.paths {
            new_folder(&mut writer, path, Some(owner), None);
        }
        return writer.end();
    }
    let chown = owner.map(|owner| format!("chown {owner}"));
    let chmod = folders.mode.map(|mode| format!("chmod {mode:o}"));
    for command in [Some("mkdir -p".to_owned()), chown, chmod].into_iter().flatten() {
        writer.command_with(&command, |out| {
            for path in &folders.paths {
                out.push(' ');
                quote::shell_expandable(out, path);
            }
        });
    }
    writer.end();
}

/// The options of `install` for an owner.
fn owned(out: &mut String, owner: Option<&str>) {
    let Some(owner) = owner else { return };
    let (user, group) = owner.split_once(':').map_or((owner, None), |(user, group)| (user, Some(group)));
    let _ = write!(out, " -o {user}");
    if let Some(group) = group {
        let _ = write!(out, " -g {group}");
    }
}

/// A folder where none is: one that is there keeps its owner and its mode.
fn new_folder(writer: &mut RunWriter<'_, '_>, path: &Expandable, owner: Option<&str>, mode: Option<u32>) {
    writer.command_with("{ [ -d ", |out| {
        quote::shell_expandable(out, path);
        out.push_str(" ] || install -d");
        owned(out, owner);
        if let Some(mode) = mode {
            let _ = write!(out, " -m {mode:o}");
        }
        out.push(' ');
        quote::shell_expandable(out, path);
        out.push_str("; }");
    });
}

/// What was put into a folder of its own, to get its owner and its modes, goes where it belongs: what is there already keeps them.
/// `strip` is how many leading folders are dropped.
fn settle(writer: &mut RunWriter<'_, '_>, to: &Expandable, owner: Option<&str>, mode: Option<u32>, strip: u32) {
    if let Some(owner) = owner {
        writer.command(&format!("chown -R {owner} {OWN}"));
    }
    new_folder(writer, to, owner, mode);
    contents(writer, to, strip + 1);
    writer.command(&format!("rm -rf {OWN}"));
}

/// Copies what is so many folders down.
fn contents(writer: &mut RunWriter<'_, '_>, to: &Expandable, depth: u32) {
    writer.command_with(&format!("find {OWN} -mindepth {depth} -maxdepth {depth} -exec cp -a -t "), |out| {
        quote::shell_expandable(out, to);
        out.push_str(" {} +");
    });
}

/// A folder whose files get a mode that its folders can't have: mounted and copied, with new ones made by the mask. What comes from
/// another image may be a file as well.
pub(super) fn tree<'a>(body: &mut Body<'a>, copy: &'a Copy, stage: Option<&str>, owner: Option<&str>) {
    let (paths, files) = match &copy.source {
        CopySource::Local { paths, files, .. } => (paths, files.as_slice()),
        CopySource::Image { paths, .. } => (paths, [].as_slice()),
        CopySource::Text(_) => return,
    };
    let Some(mode) = copy.mode else { return };
    let path = paths.first().map_or("", |path| path.trim_end_matches('/'));
    let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("project");
    let mounted = format!("/tmp/{name}");
    body.files.extend(files);
    let shell = body.shell;
    let mut writer = RunWriter::begin(body, &[]);
    writer.bind(stage, path, &mounted);
    // Folders are entered by those who may read.
    let folder = mode | (mode & 0o444) >> 2;
    match shell {
        Shell::Bash => {
            writer.command(&format!("umask {:03o}", !folder & 0o777));
            writer.command(&format!("cp -R --no-preserve=mode {mounted} {OWN}"));
        }
        // BusyBox's `cp` always takes the modes along.
        Shell::Ash => {
            writer.command(&format!("cp -R {mounted} {OWN}"));
            writer.command(&format!("find {OWN} -type f -exec chmod {mode:o} {{}} +"));
            writer.command(&format!("find {OWN} -type d -exec chmod {folder:o} {{}} +"));
        }
    }
    if stage.is_some() {
        if let Some(owner) = owner {
            writer.command(&format!("chown -R {owner} {OWN}"));
        }
        file_or_folder(&mut writer, &copy.to, name, owner, folder);
    } else {
        settle(&mut writer, &copy.to, owner, Some(folder), 0);
    }
    writer.end();
}

/// A file with the lines of a text. What is there gives way, so that neither its mode nor a link has a say.
pub(super) fn text<'a>(body: &mut Body<'a>, copy: &'a Copy, text: &str, owner: Option<&str>) {
    // No other shell than bash reads how control characters are written.
    body.wants_shell |= text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t'));
    let mut writer = RunWriter::begin(body, &[]);
    writer.command_with("install -D", |out| {
        owned(out, owner);
        let _ = write!(out, " -m {:o} /dev/null ", copy.mode.unwrap_or(FILE_MODE));
        quote::shell_expandable(out, &copy.to);
    });
    if !text.is_empty() && !text.contains('\n') {
        writer.command_with("printf '%s\\n' ", |out| {
            quote::word(out, text);
            out.push_str(" > ");
            quote::shell_expandable(out, &copy.to);
        });
    } else if !text.is_empty() {
        writer.command("printf '%s\\n'");
        text.split('\n').for_each(|line| writer.argument(line));
        writer.argument_with(|out| {
            out.push_str("> ");
            quote::shell_expandable(out, &copy.to);
        });
    }
    writer.end();
}

/// What may be a file goes where it belongs, as `COPY` puts it: a file under its name or the target's, the contents of a folder.
fn file_or_folder(writer: &mut RunWriter<'_, '_>, to: &Expandable, name: &str, owner: Option<&str>, folder: u32) {
    writer.command_with(&format!("if [ ! -d {OWN} ]; then mv -T {OWN} "), |out| {
        quote::shell_expandable(out, to);
        out.push_str(if to.written().ends_with('/') { name } else { "" });
        out.push_str("; else");
    });
    writer.nested(|writer| {
        new_folder(writer, to, owner, Some(folder));
        contents(writer, to, 1);
    });
    writer.push("; fi");
    writer.command(&format!("rm -rf {OWN}"));
}

/// A download that stays as it is: `ADD`, and a check of its sum. (`ADD --checksum` is younger than buildah 1.33.)
pub(super) fn add(body: &mut Body<'_>, fetch: &Fetch, owner: Option<&str>) {
    body.text.push_str("ADD");
    if let Some(owner) = owner {
        body.text.push_str(" --chown=");
        body.text.push_str(owner);
    }
    let _ = write!(body.text, " --chmod={:o} ", fetch.mode.unwrap_or(FILE_MODE));
    let to = destination(fetch);
    super::files::paths(&mut body.text, &[Expandable::literal(fetch.url.as_str()), to]);
    body.text.push('\n');
}

/// The checks of downloads that `ADD` brought.
pub(super) fn verify(body: &mut Body<'_>, fetches: &[&Fetch]) {
    let mut writer = RunWriter::begin(body, &[]);
    for fetch in fetches {
        if let Some(sha256) = &fetch.sha256 {
            let to = destination(fetch);
            writer.checksum(sha256, |out| quote::double_expandable(out, &to));
        }
    }
    writer.end();
}

/// A download that is unpacked: the archive is mounted, so that it is in no layer.
pub(super) fn unpack<'a>(body: &mut Body<'a>, fetch: &'a Fetch, strip: u32, owner: Option<&str>, only: Option<&[Platform]>) {
    let name = body.download(&fetch.url, &file_name(&fetch.url));
    let path = format!("/tmp/{name}");
    let mut writer = RunWriter::begin(body, &[]);
    writer.bind(Some("downloads"), &format!("/{name}"), &path);
    writer.when(only, |writer| {
        let to = |out: &mut String| quote::shell_expandable(out, &fetch.to);
        if let Some(sha256) = &fetch.sha256 {
            writer.checksum(sha256, |out| out.push_str(&path));
        }
        // `unzip` drops no folders.
        let unstripped = if is_zip(&name) { strip } else { 0 };
        let own = owner.is_some() || fetch.mode.is_some() || unstripped > 0;
        let into = |out: &mut String| if own { out.push_str(OWN) } else { to(out) };
        writer.command_with(if own { "mkdir " } else { "mkdir -p " }, into);
        if is_zip(&name) {
            writer.command_with(&format!("unzip -q {path} -d "), into);
        } else {
            writer.command_with(&format!("tar -xf {path} --no-same-owner"), |out| {
                if strip > 0 {
                    let _ = write!(out, " --strip-components={strip}");
                }
                out.push_str(" -C ");
                into(out);
            });
        }
        if let Some(mode) = fetch.mode {
            // The mode is for files: folders keep that of the archive.
            writer.command(&format!("find {OWN} -type f -exec chmod {mode:o} {{}} +"));
        }
        if own {
            settle(writer, &fetch.to, owner, None, unstripped);
        }
    });
    writer.end();
}

/// The whole path of a downloaded file.
pub(super) fn destination(fetch: &Fetch) -> Expandable {
    let mut to = fetch.to.clone();
    if to.written().ends_with('/') {
        to.0.push(crate::ir::ExpandPart::Literal(file_name(&fetch.url)));
    }
    to
}

fn is_zip(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("zip"))
}

/// The last part of an address, as a file name that needs no quotes.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or(path);
    let name: String = last.chars().map(|c| if c.is_ascii_alphanumeric() || "._-+".contains(c) { c } else { '-' }).collect();
    if name.trim_matches(['.', '-']).is_empty() { "download".to_owned() } else { name.trim_start_matches('-').to_owned() }
}
