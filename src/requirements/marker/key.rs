//! The names of PEP 508 that a marker may ask about.

use crate::requirements::pythons::Interpreter;

/// The names that a marker may ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// `python_version`: major and minor, `3.11`.
    PythonVersion,
    /// `python_full_version`: `3.11.8`.
    PythonFullVersion,
    /// `implementation_version`: that of `CPython` is `python_full_version`.
    ImplementationVersion,
    /// `implementation_name`: `cpython`.
    ImplementationName,
    /// `platform_python_implementation`: `CPython`.
    PlatformPythonImplementation,
    /// `os_name`: `posix`.
    OsName,
    /// `sys_platform`: `linux`.
    SysPlatform,
    /// `platform_system`: `Linux`.
    PlatformSystem,
    /// `platform_machine`: `x86_64`.
    PlatformMachine,
    /// `platform_release`: of the kernel of the machine that builds.
    PlatformRelease,
    /// `platform_version`: of the kernel of the machine that builds.
    PlatformVersion,
    /// `extra`: the extra for which a package is wanted; none for an entry of a list.
    Extra,
}

/// Every spelling of every name; the first one of each is the usual one.
const KEYS: [(&str, Key); 18] = [
    ("python_version", Key::PythonVersion),
    ("python_full_version", Key::PythonFullVersion),
    ("implementation_version", Key::ImplementationVersion),
    ("implementation_name", Key::ImplementationName),
    ("platform_python_implementation", Key::PlatformPythonImplementation),
    ("platform.python_implementation", Key::PlatformPythonImplementation),
    ("python_implementation", Key::PlatformPythonImplementation),
    ("os_name", Key::OsName),
    ("os.name", Key::OsName),
    ("sys_platform", Key::SysPlatform),
    ("sys.platform", Key::SysPlatform),
    ("platform_system", Key::PlatformSystem),
    ("platform_machine", Key::PlatformMachine),
    ("platform.machine", Key::PlatformMachine),
    ("platform_release", Key::PlatformRelease),
    ("platform_version", Key::PlatformVersion),
    ("platform.version", Key::PlatformVersion),
    ("extra", Key::Extra),
];

impl Key {
    /// The key of this name, in the spelling of today or of `setuptools`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key)
    }

    /// All names, for hints.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KEYS.iter().map(|(name, _)| *name).filter(|name| !name.contains('.'))
    }

    pub(super) fn name(self) -> &'static str {
        KEYS.iter().find(|(_, key)| *key == self).map_or("", |(name, _)| name)
    }

    /// Whether values are compared as versions; all others are texts.
    pub(super) fn is_version(self) -> bool {
        matches!(self, Self::PythonVersion | Self::PythonFullVersion | Self::ImplementationVersion | Self::PlatformRelease)
    }

    /// Its value, or `None` where only the build knows it.
    pub(super) fn value<'v>(self, machine: &'v str, python: &'v Interpreter) -> Option<&'v str> {
        Some(match self {
            Self::PythonVersion => &python.minor,
            Self::PythonFullVersion | Self::ImplementationVersion => &python.full,
            Self::ImplementationName => "cpython",
            Self::PlatformPythonImplementation => "CPython",
            Self::OsName => "posix",
            Self::SysPlatform => "linux",
            Self::PlatformSystem => "Linux",
            Self::PlatformMachine => machine,
            Self::PlatformRelease | Self::PlatformVersion => return None,
            Self::Extra => "",
        })
    }
}
