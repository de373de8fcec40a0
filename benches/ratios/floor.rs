//! Plain programs that do only what can't be avoided: start, read the input, write or compare the same bytes.
//!
//! What they write comes from one packed file, so that making the text costs them nothing.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Runs one of them; `rest` is the file that it takes.
pub(crate) fn run(mode: &str, rest: &[String]) -> Result<()> {
    if mode == "nothing" {
        return Ok(());
    }
    let file = rest.first().ok_or("a file is wanted")?;
    match mode {
        "read" => {
            let bytes = fs::read(file)?;
            // The sum keeps the reading from being left out.
            let sum: u64 = bytes.iter().map(|byte| u64::from(*byte)).sum();
            if sum == 0 { Err("an empty program".into()) } else { Ok(()) }
        }
        "write" => each(file, |path, bytes| {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            Ok(fs::write(path, bytes)?)
        }),
        "compare" => each(file, |path, bytes| if fs::read(path)? == bytes { Ok(()) } else { Err("another file".into()) }),
        other => Err(format!("no floor `{other}`").into()),
    }
}

/// Packs every file of a folder but the program.
pub(crate) fn pack(folder: &Path, pack: &Path) -> Result<()> {
    let mut out = std::io::BufWriter::new(fs::File::create(pack)?);
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_none_or(|extension| extension != "jenv") {
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                let bytes = fs::read(&path)?;
                writeln!(out, "{name}\n{}", bytes.len())?;
                out.write_all(&bytes)?;
            }
        }
    }
    Ok(out.flush()?)
}

/// Every file of a pack.
fn each(pack: &str, mut take: impl FnMut(&Path, &[u8]) -> Result<()>) -> Result<()> {
    let bytes = fs::read(pack)?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let name = line(&mut rest)?;
        let length: usize = line(&mut rest)?.parse()?;
        let (content, after) = rest.split_at_checked(length).ok_or("a short pack")?;
        take(Path::new(name), content)?;
        rest = after;
    }
    Ok(())
}

fn line<'a>(rest: &mut &'a [u8]) -> Result<&'a str> {
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or("a short pack")?;
    let (line, after) = rest.split_at(end);
    *rest = after.get(1..).unwrap_or(&[]);
    Ok(std::str::from_utf8(line)?)
}
