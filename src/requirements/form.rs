//! What pip takes in place of a line that it refuses: the words of conda, of npm and of a command line, as PEP 508 has them.

use super::Requirement;

/// What people write before the names of packages on a command line.
const BEFORE: [&str; 6] = ["pip install ", "pip3 install ", "uv pip install ", "conda install ", "install ", "conda-forge "];

/// The requirement that a line means, if one can be told.
#[must_use]
pub fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let text = BEFORE.iter().find_map(|words| text.strip_prefix(words)).unwrap_or(text).trim();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim();
    let candidates = if rest.is_empty() || rest.starts_with("==") {
        Some(text.to_owned())
    } else if matches!(rest, "latest" | "@latest" | "stable" | "newest" | "==latest" | "*" | "=*" | "==*") {
        Some(name.to_owned())
    } else if let Some(version) = rest.strip_prefix('^') {
        next_major(version).map(|next| format!("{name}>={},<{next}", version.trim()))
    } else if let Some(version) = rest.strip_prefix("=>").or(rest.strip_prefix("=<")) {
        let op = if rest.starts_with("=>") { ">=" } else { "<=" };
        Some(format!("{name}{op}{}", version.trim()))
    } else if let Some(version) = rest.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        Some(format!("{name}~={}", version.trim()))
    } else if let Some(version) = rest.strip_prefix('@').or(rest.strip_prefix('=')) {
        // conda has a build behind a second `=`.
        Some(format!("{name}=={}", version.split('=').next().unwrap_or_default().trim()))
    } else if rest.starts_with(|c: char| c.is_ascii_digit()) {
        Some(format!("{name}=={rest}"))
    } else {
        rest.starts_with(['<', '>', '!', '~']).then(|| format!("{name}{}", rest.replace(" and ", ",").replace("&&", ",").replace(' ', "")))
    };
    candidates.filter(|form| Requirement::read(form).is_ok())
}

/// `2.2` → `3`
fn next_major(version: &str) -> Option<u64> {
    version.trim().split('.').next()?.parse::<u64>().ok()?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, wanted) in [
            ("numpy=1.26.4", "numpy==1.26.4"),
            ("numpy=1.26.4=py312_0", "numpy==1.26.4"),
            ("numpy@1.26.4", "numpy==1.26.4"),
            ("numpy 1.26.4", "numpy==1.26.4"),
            ("numpy latest", "numpy"),
            ("numpy@latest", "numpy"),
            ("numpy >=1.26 and <3", "numpy>=1.26,<3"),
            ("numpy => 2", "numpy>=2"),
            ("numpy^1.26", "numpy>=1.26,<2"),
            ("numpy ~1.26", "numpy~=1.26"),
            ("pip install numpy", "numpy"),
            ("install numpy==2", "numpy==2"),
            ("conda-forge numpy", "numpy"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(wanted), "{text}");
        }
        for text in ["", "name: x", "numpy what ever", "numpy ; python > 3"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
