//! Files that a step writes in full: `echo … > FILE`, `printf`, `cat <<EOF`, `tee`, `COPY <<EOF`. What a shell would put in, and what may
//! have been there before, leaves a command as it was.

use super::command::{self, Command};
use super::read::Instruction;
use super::stage::Stage;
use super::state::State;
use super::steps::{Act, Script, Step, Written};
use super::touched::leaves;
use crate::import::RemarkKind::Changed;
use crate::shell::{Kind, tokens};

/// Folders of the kernel's, and files that the engine mounts while it builds.
const NOT_KEPT: [&str; 6] = ["/dev/", "/proc/", "/sys/", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

/// What a command writes, and where.
struct Writes {
    text: String,
    path: String,
    appends: bool,
    /// Whether `sudo` does it.
    sudo: bool,
    /// Whose the file is and its mode, where the command makes it anew.
    made: Option<(Option<String>, String)>,
}

impl Stage<'_> {
    /// Reads a command that writes a file in full, or goes on with one that steps before wrote. Whether it was one; `ahead` are the
    /// commands behind it.
    pub(super) fn write(&mut self, part: &str, ahead: &[String], one: &Instruction) -> bool {
        let Some(found) = writes(part, &self.state) else { return false };
        let Some(to) = self.state.absolute(&found.path).filter(|to| is_kept(to)) else { return false };
        self.fill(part);
        let before = self.steps.iter().rposition(|step| matches!(&step.act, Act::File(file) if file.to == to));
        // The compiler makes a file, then writes it.
        let of_compiler = found.made.is_some()
            || !found.appends
                && matches!(self.steps.last().map(|step| &step.act), Some(Act::File(file)) if file.to == to && file.text.is_empty());
        if self.compiled && !of_compiler {
            return false;
        }
        if let Some(at) = before.filter(|_| found.made.is_none()) {
            let between = self.steps.get(at + 1..).unwrap_or_default();
            if !between.iter().all(|step| leaves(step, std::slice::from_ref(&to))) {
                return false;
            }
            if let Some(Act::File(file)) = self.steps.get_mut(at).map(|step| &mut step.act) {
                if !found.appends {
                    file.text.clear();
                }
                file.text.push_str(&found.text);
            }
            return true;
        }
        let by_root = found.sudo || self.state.user == "root";
        if found.made.is_none() && !self.is_new(&to, found.appends, by_root, ahead) {
            return false;
        }
        let (owner, mode) = match found.made {
            Some(made) => made,
            None if by_root => (None, "644".to_owned()),
            None => (Some(self.state.user.clone()), "644".to_owned()),
        };
        self.add(one, Act::File(Written { to, owner, mode, text: found.text }), Vec::new());
        true
    }

    /// Whether a file is a new one, of whoever writes it and with the mode of a new file. In folders of programs and of scripts one may be
    /// there that can be executed, unless its mode is set right behind.
    fn is_new(&self, to: &str, appends: bool, by_root: bool, ahead: &[String]) -> bool {
        let (folder, name) = to.rsplit_once('/').unwrap_or(("", to));
        let known = self.steps.iter().any(|step| touches(step, to, name)) || self.state.file(to).is_some();
        if known || appends && !self.steps.iter().any(|step| makes(step, folder)) {
            return false;
        }
        let sets = ahead.iter().any(|text| text.starts_with("chmod ") && text.contains(name));
        let hooks = folder.strip_suffix(".d").is_some_and(|of| of != "/etc/profile") && name.strip_suffix(".sh").is_some();
        let program = hooks || folder.ends_with("bin");
        // What is in the home of an account may be its own, whoever writes it.
        let mut homes = self.state.accounts.iter().filter_map(|account| account.home.as_deref()).chain(["/home"]);
        let at_home = homes.any(|home| to.strip_prefix(home).is_some_and(|rest| rest.starts_with('/')));
        let group = self.state.known(&self.state.user).is_some_and(|account| account.gid.is_some());
        (sets || !program) && if by_root { !at_home } else { group }
    }

    /// `COPY <<EOF /path`
    pub(super) fn inline(&mut self, one: &Instruction, to: &str, owner: Option<String>, mode: Option<String>) {
        let (Some(to), Some(document)) = (self.state.absolute(to), one.documents.first()) else { return };
        let to = if to.ends_with('/') { format!("{to}{}", document.name) } else { to };
        let as_it_is = one.text.contains(['\'', '"']);
        let text = if as_it_is { document.body.clone() } else { self.state.expand(&document.body) };
        let certain = as_it_is || !text.contains(['$', '\\', '`']);
        if certain && one.documents.len() == 1 && is_text(&text) && is_kept(&to) {
            let mode = mode.unwrap_or_else(|| "644".to_owned());
            return self.add(one, Act::File(Written { to, owner, mode, text }), Vec::new());
        }
        let end = "EOF";
        let text = format!("cat > {to} <<'{end}'\n{text}{end}");
        let note = (Changed, format!("the text of `{to}` is written by a step of root's"));
        self.add(one, Act::Run(Script { commands: vec![text], ..Script::default() }), vec![note]);
    }
}

/// Whether a step may have to do with a file.
fn touches(step: &Step, to: &str, name: &str) -> bool {
    let within = |path: &str| path == to || path.ends_with('/') && to.starts_with(path);
    match &step.act {
        Act::Run(script) => script.state.iter().chain(&script.commands).any(|text| text.contains(name)),
        Act::List(_, then) => then.iter().any(|text| text.contains(name)),
        Act::Copy(copied) => within(&copied.to) || to.strip_prefix(copied.to.as_str()).is_some_and(|rest| rest.starts_with('/')),
        Act::Fetch(fetched) => within(&fetched.to),
        Act::File(file) => file.to == to,
        _ => false,
    }
}

/// Whether a step makes a folder that was not there: `mkdir` without `-p` fails where it is.
fn makes(step: &Step, folder: &str) -> bool {
    let made = |text: &String| {
        let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
        matches!(words.as_slice(), ["mkdir", rest @ ..] if rest.contains(&folder) && !rest.iter().any(|word| word.starts_with('-')))
    };
    match &step.act {
        Act::Run(script) => script.state.is_empty() && script.commands.iter().any(made),
        Act::Folder(made) => made.new && made.paths.iter().any(|path| path == folder),
        _ => false,
    }
}

/// Whether what is written to a path is in the image.
fn is_kept(path: &str) -> bool {
    let apart = NOT_KEPT.iter().any(|kept| path == *kept || kept.ends_with('/') && path.starts_with(kept));
    path.starts_with('/') && !path.ends_with('/') && !path.contains(['$', '*', '?', '[', '~']) && !apart
}

/// Whether the language can say a text as that of a file: its lines have their ends.
fn is_text(text: &str) -> bool {
    text.is_empty() || text != "\n" && text.ends_with('\n') && !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// What a command writes; nothing where a shell has a say in it.
fn writes(part: &str, state: &State) -> Option<Writes> {
    let all = tokens(part);
    let pipes: Vec<usize> = all.iter().filter(|token| token.kind == Kind::End).map(|token| token.range.start).collect();
    // A line break is behind the command that a here-document belongs to.
    let document = all.iter().find(|token| token.kind == Kind::Document);
    let head = part.get(..document.and_then(|_| part.find('\n')).unwrap_or(part.len()))?;
    let body = document.map(|token| token.text(part));
    let known = |name: &str| state.value(name).filter(|value| !value.contains('$'));
    let read = |text: &str| command::read(text, &known).filter(|command| is_constant(text) && command.assigned.is_empty());
    // `2> FILE` is not what is printed.
    let mut pairs = all.iter().zip(all.iter().skip(1));
    if pairs.any(|(word, next)| next.kind == Kind::Redirect && word.range.end == next.range.start && is_number(word.text(part))) {
        return None;
    }
    let pipes: Vec<usize> = pipes.into_iter().filter(|at| *at < head.len()).collect();
    let (first, behind) = match pipes.as_slice() {
        [] => (read(head)?, None),
        [at] if part.get(*at..=*at) == Some("|") => (read(head.get(..*at)?)?, Some(read(head.get(at + 1..)?.trim())?)),
        _ => return None,
    };
    let (targets, texts): (Vec<_>, Vec<_>) = first.redirects.iter().partition(|(operator, _)| matches!(operator.as_str(), ">" | ">>"));
    if let (None, [], [], None) = (body, targets.as_slice(), texts.as_slice(), &behind) {
        return made(&first, state);
    }
    let text = match (body, texts.as_slice()) {
        (Some(body), [(operator, _)]) => {
            let said = head.split_once(operator.as_str()).map_or("", |(_, rest)| rest.trim_start());
            documented(&first, operator, said, body)?
        }
        (None, []) => printed(&first, state.bash)?,
        _ => return None,
    };
    let (path, appends, sudo) = match (targets.as_slice(), behind) {
        ([(operator, word)], None) => (word.text.clone(), operator == ">>", false),
        ([], Some(tee)) => teed(&tee)?,
        _ => return None,
    };
    // What `sudo` runs writes nothing itself: the shell opens the file.
    let whole = !first.sudo && (is_text(&text) || appends && is_text(&format!("x{text}")));
    whole.then_some(Writes { text, path, appends, sudo, made: None })
}

/// `install -D -o 1000 -g 100 -m 644 /dev/null FILE`
fn made(command: &Command, state: &State) -> Option<Writes> {
    let texts = command.texts();
    let ["install", rest @ .., "/dev/null", path] = texts.as_slice() else { return None };
    let (mut mode, mut user, mut group) = (None, None, None);
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match *word {
            "-D" => {}
            "-m" => mode = words.next().map(|mode| (*mode).to_owned()),
            "-o" => user = words.next(),
            "-g" => group = words.next(),
            _ => return None,
        }
    }
    let owner = user.and_then(|user| state.owner(&group.map_or((*user).to_owned(), |group| format!("{user}:{group}"))));
    let (path, said) = ((*path).to_owned(), Some((owner, mode?)));
    (state.user == "root").then(|| Writes { text: String::new(), path, appends: false, sudo: false, made: said })
}

/// What `echo` and `printf` print.
fn printed(command: &Command, bash: bool) -> Option<String> {
    let texts = command.texts();
    match texts.as_slice() {
        // Not every shell's `echo` leaves a backslash as it is, or has options.
        ["echo", rest @ ..] if !rest.first().is_some_and(|word| word.starts_with('-')) => {
            let line = rest.join(" ");
            (bash || !line.contains('\\')).then(|| line + "\n")
        }
        ["printf", format, rest @ ..] if !format.starts_with('-') => formatted(format, rest),
        ["true" | ":"] => Some(String::new()),
        _ => None,
    }
}

/// What `printf` makes of texts.
fn formatted(format: &str, texts: &[&str]) -> Option<String> {
    let mut out = String::new();
    let mut left = texts.iter();
    loop {
        let mut letters = format.chars();
        let before = left.len();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => out.push(match letters.next()? {
                    'n' => '\n',
                    't' => '\t',
                    c @ ('\\' | '"' | '\'') => c,
                    _ => return None,
                }),
                '%' => match letters.next()? {
                    's' => out.push_str(left.next().unwrap_or(&"")),
                    '%' => out.push('%'),
                    _ => return None,
                },
                c => out.push(c),
            }
        }
        match left.len() {
            0 => return Some(out),
            rest if rest == before => return None,
            _ => {}
        }
    }
}

/// What `cat` passes on of a here-document, whose word is the first one of `said`.
fn documented(command: &Command, operator: &str, said: &str, body: &str) -> Option<String> {
    let as_it_is = said.starts_with(['\'', '"', '\\']);
    let tabs = operator == "<<-";
    let lines = body.split_inclusive('\n').map(|line| if tabs { line.trim_start_matches('\t') } else { line });
    let plain = as_it_is || !body.contains(['$', '`', '\\']);
    (command.texts() == ["cat"] && operator.starts_with("<<") && operator != "<<<" && plain).then(|| lines.collect())
}

/// Where `tee` writes what it is given: the file, whether it appends, whether `sudo` calls it.
fn teed(command: &Command) -> Option<(String, bool, bool)> {
    let quiet = command.redirects.iter().all(|(operator, word)| operator == ">" && word.text == "/dev/null");
    match command.texts().as_slice() {
        ["tee", "-a" | "--append", path] if quiet => Some(((*path).to_owned(), true, command.sudo)),
        ["tee", path] if quiet && !path.starts_with('-') => Some(((*path).to_owned(), false, command.sudo)),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether nothing outside of quotes is a pattern or stands for several words.
fn is_constant(text: &str) -> bool {
    let mut quote = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None | Some('"'), '\\') => drop(letters.next()),
            (None, '*' | '?' | '[' | '{' | '}') => return false,
            (None, '$') if letters.peek().is_some_and(|next| matches!(next, '\'' | '"')) => return false,
            (None | Some('"'), '$') if letters.peek() == Some(&'(') => return false,
            (_, '$') if letters.peek() == Some(&'{') => {
                // The braces of a variable are none of those.
                letters.by_ref().find(|c| *c == '}');
            }
            _ => {}
        }
    }
    quote.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        let state = State { user: "root".to_owned(), env: [("A".to_owned(), "1 2".to_owned())].into(), ..State::default() };
        let one = writes(text, &state)?;
        Some(format!("{}{}{}|{}", if one.appends { "+" } else { "" }, if one.sudo { "sudo " } else { "" }, one.path, one.text))
    }

    #[test]
    fn texts_are_what_the_shell_writes() {
        for (command, wanted) in [
            ("echo a  'b  c' \"d\\\"\" > /etc/x", "/etc/x|a b  c d\"\n"),
            ("echo a=\"$A\" >> /etc/x", "+/etc/x|a=1 2\n"),
            ("echo '$HOME' > /etc/x", "/etc/x|$HOME\n"),
            ("printf '%s\\n' 'a b' '' c > /etc/x", "/etc/x|a b\n\nc\n"),
            ("printf 'a\\tb\\\\ 5%%\\n' > /etc/x", "/etc/x|a\tb\\ 5%\n"),
            ("cat <<'E' > /etc/x\n$a\n\tb\nE", "/etc/x|$a\n\tb\n"),
            ("cat > /etc/x <<-E\n\ta\n  b\n\tE", "/etc/x|a\n  b\n"),
            ("echo a | sudo tee -a /etc/x > /dev/null", "+sudo /etc/x|a\n"),
            ("echo a | tee /etc/x", "/etc/x|a\n"),
            ("install -D -m 600 /dev/null /etc/x", "/etc/x|"),
            ("printf 'a' >> /etc/x", ""),
        ] {
            assert_eq!(found(command).unwrap_or_default(), wanted, "{command}");
        }
    }

    #[test]
    fn what_a_shell_decides_stays_a_command() {
        for command in [
            "echo $B > /etc/x",
            "echo \"$(date)\" > /etc/x",
            "echo `date` > /etc/x",
            "echo a\\\\nb > /etc/x",
            "echo -e 'a' > /etc/x",
            "echo -n a > /etc/x",
            "echo * > /etc/x",
            "echo {a,b} > /etc/x",
            "echo $'a' > /etc/x",
            "printf 'a' > /etc/x",
            "printf '%d\\n' 1 > /etc/x",
            "printf 'a\\n' 1 2 > /etc/x",
            "cat <<E > /etc/x\n$a\nE",
            "cat <<E > /etc/x\na\\\nb\nE",
            "cat a > /etc/x",
            "echo a 2> /etc/x",
            "echo a > /etc/x > /etc/y",
            "echo a | tee /etc/x /etc/y",
            "echo a | sort | tee /etc/x",
            "sudo echo a > /etc/x",
            "echo a",
            "A=b echo a > /etc/x",
            "install -d -m 755 /etc/x",
        ] {
            assert_eq!(found(command), None, "{command}");
        }
    }
}
