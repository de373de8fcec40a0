//! Archives that are compressed as a whole: `docker save lab | gzip`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::cli::errors::words;
use crate::cli::reply::Misuse;
use crate::import::unpacked_at_most;

/// Unpacks the archives among the paths into a folder that is gone with the value, and names them in their place. What does not
/// unpack whole is left: its reader says so.
pub(super) fn all(paths: Vec<PathBuf>) -> Result<(Option<tempfile::TempDir>, Vec<PathBuf>), Misuse> {
    let mut around = None;
    let mut given = Vec::new();
    for path in paths {
        if !is_packed(&path) {
            given.push(path);
            continue;
        }
        let refused = |error: &io::Error| Misuse(format!("there is no room for `{}`: {}", path.display(), words(error)));
        let folder = match around.take() {
            Some(folder) => folder,
            None => tempfile::tempdir().map_err(|error| refused(&error))?,
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.trim_end_matches(".gz").trim_end_matches(".tgz").trim_end_matches(".tar");
        let to = folder.path().join(given.len().to_string()).join(format!("{name}.tar"));
        std::fs::create_dir_all(to.parent().unwrap_or(folder.path())).map_err(|error| refused(&error))?;
        given.push(match unpack(&path, &to) {
            Ok(()) => to,
            Err(error) if error.kind() == io::ErrorKind::StorageFull => return Err(refused(&error)),
            Err(_) => path,
        });
        around = Some(folder);
    }
    Ok((around, given))
}

fn is_packed(path: &Path) -> bool {
    let mut start = [0_u8; 2];
    File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == [0x1f, 0x8b]
}

fn unpack(path: &Path, to: &Path) -> io::Result<()> {
    let most = unpacked_at_most(std::fs::metadata(path)?.len());
    let mut unpacked = MultiGzDecoder::new(io::BufReader::new(File::open(path)?)).take(most);
    let length = io::copy(&mut unpacked, &mut File::create(to)?)?;
    if length == most { Err(io::Error::other("it is too large for its packed bytes")) } else { Ok(()) }
}
