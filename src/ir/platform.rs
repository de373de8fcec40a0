//! Platforms that images are built for.

use std::fmt;

/// A platform as the OCI image specification writes it: `linux/amd64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// `linux/amd64`
    Amd64,
    /// `linux/arm64`
    Arm64,
}

impl Platform {
    /// Every platform that GitHub has native runners for.
    pub const ALL: [Self; 2] = [Self::Amd64, Self::Arm64];

    /// `linux/amd64`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amd64 => "linux/amd64",
            Self::Arm64 => "linux/arm64",
        }
    }

    /// `amd64`: what `TARGETARCH` holds in a build.
    #[must_use]
    pub fn arch(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }

    /// `x86_64`: what `uname -m` prints, and `platform_machine` of PEP 508.
    #[must_use]
    pub fn machine(self) -> &'static str {
        match self {
            Self::Amd64 => "x86_64",
            Self::Arm64 => "aarch64",
        }
    }

    /// `linux-64`: the folder of conda's channels.
    #[must_use]
    pub fn subdir(self) -> &'static str {
        match self {
            Self::Amd64 => "linux-64",
            Self::Arm64 => "linux-aarch64",
        }
    }

    /// The platform with this name (`linux/amd64`).
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.as_str() == name)
    }

    /// The platform that other tools call so: `amd64`, `linux/x86_64`, `aarch64`.
    #[must_use]
    pub fn usual(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("linux/").unwrap_or(name) {
            "amd64" | "x86_64" | "x86-64" | "x64" | "linux-64" => Self::Amd64,
            "arm64" | "aarch64" | "arm64/v8" | "linux-aarch64" => Self::Arm64,
            _ => return None,
        })
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The platforms that something is for, sorted; `None` means all of the image's. Never empty, never all of them.
pub type Only = Option<Vec<Platform>>;
