//! The identity of a kind of finding.

/// How bad a finding is. Errors stop the writing of artifacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written while it stands.
    Error,
    /// Very likely a mistake.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One kind of finding: `J` and four digits, a kebab-case name, its usual severity and its page.
#[derive(Debug)]
pub struct Code {
    /// `J0201`; never reused.
    pub id: &'static str,
    /// `unknown-name`.
    pub name: &'static str,
    /// The severity of a finding of this kind, unless a flag or the program says otherwise.
    pub severity: Severity,
    /// The page that `jenvc explain` prints: Markdown with an example under `## Fails` and one under `## Passes`.
    pub page: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Code {}
