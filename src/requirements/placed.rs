//! What the path or the address of a package's file says of its name.

use super::links::file_name;

/// Words that a file's name has behind the name of its package: platforms, and what stands for a version.
const ENDS: [&str; 10] = ["all", "noarch", "any", "amd64", "arm64", "x86_64", "aarch64", "linux", "latest", "current"];

/// The name of the package in a file or a folder, and whether it is certain: that of a wheel (binary distribution format), of a package
/// of Debian's (`NAME_VERSION_ARCHITECTURE.deb`). What is behind the first number, or a platform, is no part of a name.
#[must_use]
pub fn name_in_path(path: &str) -> Option<(String, bool)> {
    let path = path.split(['?', '#']).next()?.trim_end_matches(['/', '.']);
    let file = path.rsplit('/').next()?;
    let ended = |ending: &str| file.strip_suffix(ending);
    if let (Some(name), _) = file_name(file, None) {
        return Some((name, ended(".whl").is_some()));
    }
    let (stem, is_file) = match [".deb", ".rpm", ".apk", ".whl", ".tar.gz", ".tgz", ".zip"].iter().find_map(|ending| ended(ending)) {
        Some(stem) => (stem, true),
        None => (file, false),
    };
    let parts: Vec<&str> = stem.split('_').collect();
    let (name, certain) = match parts.as_slice() {
        [name, _, _] if ended(".deb").is_some() => ((*name).to_owned(), true),
        _ if is_file => {
            let first = stem.split(['-', '_']).map(|part| part.split('.').next().unwrap_or(part));
            let kept = first.take_while(|part| !part.starts_with(|c: char| c.is_ascii_digit()) && !ENDS.contains(part));
            (kept.collect::<Vec<_>>().join("-"), false)
        }
        _ => (stem.to_owned(), false),
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    let usual = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(letters);
    usual.then_some((name, certain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_have_names() {
        for (path, wanted) in [
            ("/tmp/menu_x-0.1.0-py3-none-any.whl", "menu_x!"),
            ("/tmp/x.deb", "x"),
            ("https://h/cvmfs-release-latest_all.deb", "cvmfs-release"),
            ("https://h/rstudio-server-2024.12.0-467-amd64.deb?a=b", "rstudio-server"),
            ("./code_1.2-3_amd64.deb", "code!"),
            ("https://h/epel-release-latest-9.noarch.rpm", "epel-release"),
            ("rstudio-server-rhel-2023.06.1-524-x86_64.rpm", "rstudio-server-rhel"),
            ("rclone-current-linux-amd64.deb", "rclone"),
            ("/srv/linea_provider/", "linea_provider"),
            ("/srv/app/.", "app"),
            ("six-1.16.0.tar.gz", "six"),
            ("glibc-2.28-r0.apk", "glibc"),
        ] {
            let found = name_in_path(path).map(|(name, certain)| name + if certain { "!" } else { "" });
            assert_eq!(found.as_deref(), Some(wanted), "{path}");
        }
        for path in ["/", "", ".", "/tmp/$X.deb", "/tmp/2.deb"] {
            assert_eq!(name_in_path(path), None, "{path}");
        }
    }
}
