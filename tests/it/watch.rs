//! `jenvc check --watch` as a process: what it says after each save, in the order of the saves. Nothing here measures time.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::Workplace;

const GOOD: &str = r#"project demo { registry = "ghcr.io/demo" }
import "layers/*.jenv"
image ubuntu { ref = "ubuntu"  digest = "sha256:2f0e1c0f8b7a4f7d9c3e5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f809" }
output dockerfiles { dir = "images" }
"#;

/// A running watch; ended with the test.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn new(place: &Workplace, arguments: &[&str]) -> Self {
        let mut command = place.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let streams: [Box<dyn Read + Send>; 2] = [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        Self { child, lines }
    }

    /// Reads until a line holds a text. The limit is only there so that a watch that says nothing fails instead of hanging.
    fn until(&self, text: &str) {
        loop {
            let line = self.lines.recv_timeout(Duration::from_mins(2)).unwrap_or_else(|error| panic!("no `{text}`: {error}"));
            if line.contains(text) {
                return;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_save_is_checked() {
    let place = Workplace::with([("main.jenv", GOOD), ("layers/a.jenv", "layer a { from ubuntu  run \"true\" }\n")]);
    let watch = Watch::new(&place, &["check", "--watch"]);
    watch.until("no findings in 1 image, 1 cell");
    place.write("layers/a.jenv", "layer a { from nowhere  run \"true\" }\n");
    watch.until("`nowhere`");
    place.write("layers/b.jenv", "layer b { from elsewhere  run \"true\" }\n");
    watch.until("`elsewhere`");
    place.write("layers/b.jenv", "layer b { from ubuntu  run \"true\" }\n");
    // As editors save: a new file takes the name of the old one.
    place.write("layers/.a.swp", "layer a { from ubuntu  run \"true\" }\n");
    std::fs::rename(place.path().join("layers/.a.swp"), place.path().join("layers/a.jenv")).unwrap();
    watch.until("no findings in 2 images, 2 cells");
}

#[test]
fn a_file_that_goes_away_and_comes_back_is_no_end() {
    let place = Workplace::with([("main.jenv", GOOD), ("layers/a.jenv", "layer a { from ubuntu  run \"true\" }\n")]);
    let watch = Watch::new(&place, &["check", "--watch", "main.jenv"]);
    watch.until("no findings in 1 image, 1 cell");
    std::fs::remove_file(place.path().join("main.jenv")).unwrap();
    watch.until("error: there is no `main.jenv`");
    place.write("main.jenv", GOOD);
    watch.until("no findings in 1 image, 1 cell");
}

#[test]
fn without_a_program_there_is_nothing_to_watch() {
    let ran = Workplace::new().run(&["check", "--watch"]);
    assert!(ran.status == 64 && ran.error.contains("no .jenv file"), "{ran:?}");
}
