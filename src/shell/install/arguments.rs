//! The words of a command that installs: packages, and options that say where they come from and go to.

use super::found::{Install, Target};
use super::manager::Manager;
use super::named::Named;
use super::text::Text;
use crate::shell::lexer::{Kind, Token, bare};

/// An installation before its words are read.
pub(super) fn found(manager: &'static Manager, packages: Vec<Named>, certain: bool) -> Install {
    let (unread, variable) = (Vec::new(), "PIP_CONSTRAINT");
    Install { manager, packages, unread, target: Target::Active, index: None, no_deps: false, variable, certain, plain: true }
}

/// Reads the words of a command; whether it installs.
pub(super) fn read(text: &Text<'_>, rest: &[Token], install: &mut Install) -> bool {
    let manager = install.manager;
    let mut verb = manager.verbs.is_empty().then_some(true);
    let mut global = manager.list != "npm";
    let mut words = rest.iter().peekable();
    while let Some(token) = words.next() {
        let word = text.word(token);
        let redirect = |next: Option<&&Token>| next.is_some_and(|next| next.kind == Kind::Redirect && next.range.start == token.range.end);
        if token.kind == Kind::Redirect {
            install.plain = false;
            words.next();
        } else if token.kind == Kind::Document || (word.bytes().all(|byte| byte.is_ascii_digit()) && redirect(words.peek())) {
            // The number of a descriptor.
        } else if word.starts_with('-') {
            install.plain &= manager.quiet.contains(&word);
            global |= matches!(word, "-g" | "--global" | "--location=global");
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None if manager.valued.contains(&word) => {
                    let value = words.next();
                    let listed = value.filter(|_| manager.lists.contains(&word)).map(|value| token.range.start..value.range.end);
                    install.unread.extend(listed.map(|range| text.place(&range)));
                    (word, value.map(|token| text.word(token)))
                }
                None => (word, None),
            };
            if value.is_some() && manager.lists.contains(&option) && !manager.valued.contains(&word) {
                install.unread.push(text.place(&token.range));
            }
            set(install, option, value.unwrap_or_default().trim_matches(['"', '\'']));
        } else if verb.is_none() {
            verb = Some(manager.verbs.contains(&word));
        } else {
            let named = unquoted(word).and_then(|word| Named::read(manager, &word, text.place(&token.range)));
            install.plain &= named.is_some();
            if named.is_none() && is_from_elsewhere(word) {
                install.unread.push(text.place(&token.range));
            }
            install.packages.extend(named);
        }
    }
    if !global {
        install.target = Target::Elsewhere;
    }
    verb == Some(true)
}

/// What an option says of where packages come from and go to.
fn set(install: &mut Install, option: &str, value: &str) {
    if install.manager.elsewhere.contains(&option) {
        install.target = Target::Elsewhere;
    }
    match (install.manager.list, option) {
        ("conda", "-n" | "--name") => install.target = Target::environment(value),
        ("conda", "-p" | "--prefix") => install.target = Target::Prefix(value.to_owned()),
        ("conda", "-c" | "--channel") | ("pip", "-i" | "--index-url" | "--default-index") => {
            install.index.get_or_insert_with(|| value.to_owned());
        }
        (_, "--no-deps") => install.no_deps = true,
        _ => {}
    }
}

/// Whether a word is an address, or put together in the shell.
fn is_from_elsewhere(word: &str) -> bool {
    word.contains("://") || (word.contains(['$', '`']) && !bare(word).contains('/'))
}

/// A word without its quotes, where nothing in it is for the shell.
fn unquoted(word: &str) -> Option<String> {
    let text = bare(word);
    let odd = |c: char| matches!(c, '$' | '`' | '{' | '}' | '(' | ')' | '?');
    (!text.is_empty() && !text.contains(odd)).then_some(text)
}
