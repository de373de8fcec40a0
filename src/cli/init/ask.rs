//! The questions, each with an answer that Enter takes.

use std::io::{self, BufRead, Write};

use clap::ValueEnum;

use super::super::args::PublishedImage;
use super::answers::Answers;

/// Asks for what a first program is made of.
///
/// # Errors
/// The reader or the writer is closed.
pub(super) fn ask(start: Answers, reader: &mut dyn BufRead, writer: &mut dyn Write) -> io::Result<Answers> {
    let mut console = Dialogue { reader, writer };
    let name = console.text("What is the project called?", &start.name, |text| !text.is_empty())?;
    let registry = console.text("Which registry do the images go to, with the owner?", &start.registry, |text| text.contains('/'))?;
    let names: Vec<_> = PublishedImage::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
    let names: Vec<_> = names.iter().map(clap::builder::PossibleValue::get_name).collect();
    let question = format!("On which of the community's images does everything stand: {}?", names.join(", "));
    let known = |text: &str| PublishedImage::from_str(text, true).is_ok();
    let base = console.text(&question, start.base.name().trim_end_matches("-notebook"), known)?;
    let workflow = console.yes("Shall GitHub build and push them?")?;
    let pre_commit = console.yes("Shall pre-commit check each change?")?;
    Ok(Answers { name, registry, base: PublishedImage::from_str(&base, true).unwrap_or(start.base), workflow, pre_commit, ..start })
}

struct Dialogue<'a> {
    reader: &'a mut dyn BufRead,
    writer: &'a mut dyn Write,
}

impl Dialogue<'_> {
    /// Asks until the answer will do; an empty one is `otherwise`.
    fn text(&mut self, question: &str, otherwise: &str, good: impl Fn(&str) -> bool) -> io::Result<String> {
        let hint = if otherwise.is_empty() { String::new() } else { format!(" [{otherwise}]") };
        loop {
            let answer = self.line(&format!("{question}{hint} "))?;
            let answer = if answer.is_empty() { otherwise } else { &answer };
            if good(answer) {
                return Ok(answer.to_owned());
            }
        }
    }

    fn yes(&mut self, question: &str) -> io::Result<bool> {
        loop {
            match self.line(&format!("{question} [y/N] "))?.to_lowercase().as_str() {
                "" | "n" | "no" => return Ok(false),
                "y" | "yes" => return Ok(true),
                _ => {}
            }
        }
    }

    fn line(&mut self, question: &str) -> io::Result<String> {
        self.writer.write_all(question.as_bytes())?;
        self.writer.flush()?;
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim().to_owned())
    }
}
