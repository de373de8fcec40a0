//! Texts and numbers that Kubernetes reads: names, labels, quantities, words of closed sets, ranges.

use crate::check::hub::images::is_reference;

/// Words that a field of a type takes, and no others (the API's reference of each type).
const SETS: [(&str, &str, &[&str]); 27] = [
    ("Toleration", "effect", &["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    ("Toleration", "operator", &["Exists", "Equal", "Lt", "Gt"]),
    ("NodeSelectorRequirement", "operator", &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    ("LabelSelectorRequirement", "operator", &["In", "NotIn", "Exists", "DoesNotExist"]),
    ("Container", "imagePullPolicy", &["Always", "IfNotPresent", "Never"]),
    ("Container", "restartPolicy", &["Always", "Never", "OnFailure"]),
    ("Container", "terminationMessagePolicy", &["File", "FallbackToLogsOnError"]),
    ("ContainerPort", "protocol", &["TCP", "UDP", "SCTP"]),
    ("HTTPGetAction", "scheme", &["HTTP", "HTTPS"]),
    ("VolumeMount", "mountPropagation", &["None", "HostToContainer", "Bidirectional"]),
    ("SeccompProfile", "type", &["Unconfined", "RuntimeDefault", "Localhost"]),
    ("PodSpec", "dnsPolicy", &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ("PodSpec", "restartPolicy", &["Always", "OnFailure", "Never"]),
    ("PodSpec", "preemptionPolicy", &["PreemptLowerPriority", "Never"]),
    ("PodSecurityContext", "fsGroupChangePolicy", &["OnRootMismatch", "Always"]),
    ("PodSecurityContext", "supplementalGroupsPolicy", &["Merge", "Strict"]),
    ("PodSecurityContext", "seLinuxChangePolicy", &["MountOption", "Recursive"]),
    ("AppArmorProfile", "type", &["Unconfined", "RuntimeDefault", "Localhost"]),
    ("SecurityContext", "procMount", &["Default", "Unmasked"]),
    ("TopologySpreadConstraint", "whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"]),
    ("TopologySpreadConstraint", "nodeAffinityPolicy", &["Honor", "Ignore"]),
    ("TopologySpreadConstraint", "nodeTaintsPolicy", &["Honor", "Ignore"]),
    ("EmptyDirVolumeSource", "medium", &["", "Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi"]),
    (
        "HostPathVolumeSource",
        "type",
        &["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"],
    ),
    ("PersistentVolumeClaimSpec", "accessModes", &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]),
    ("PersistentVolumeClaimSpec", "volumeMode", &["Filesystem", "Block"]),
    ("VolumeMount", "recursiveReadOnly", &["Disabled", "IfPossible", "Enabled"]),
];

/// Resources of a node whose names have no domain (`IsStandardContainerResourceName` of Kubernetes); huge pages have their size behind
/// their name.
const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// What a text in a field has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A name of a volume or container: a DNS label.
    Label,
    /// The name of an object: a DNS subdomain.
    Name,
    /// The name of a port.
    Port,
    /// The name of an environment variable.
    Variable,
    /// The reference of an image.
    Image,
    /// The key of a label.
    LabelKey,
    /// The value of a label.
    LabelValue,
    /// A path from the root.
    Absolute,
    /// A path in a container at which something is mounted.
    Path,
    /// A path below a volume.
    Below,
    /// A word of a closed set.
    Word(&'static [&'static str]),
}

/// The format of a text in a field of a type; `None` where any text is fine.
pub(super) fn of(kind: &str, field: &str) -> Option<Format> {
    match (kind, field) {
        ("Volume" | "Container" | "VolumeMount", "name") => Some(Format::Label),
        ("EnvVar", "name") => Some(Format::Variable),
        ("Container", "image") | ("ImageVolumeSource", "reference") => Some(Format::Image),
        ("Container", "workingDir") | ("NFSVolumeSource", "path") => Some(Format::Absolute),
        ("ContainerPort", "name") | ("HTTPGetAction" | "TCPSocketAction", "port") => Some(Format::Port),
        ("PersistentVolumeClaimVolumeSource", "claimName")
        | ("SecretVolumeSource", "secretName")
        | ("PersistentVolumeClaimSpec", "storageClassName")
        | ("PodSpec", "serviceAccountName" | "priorityClassName" | "runtimeClassName")
        | ("LocalObjectReference", "name") => Some(Format::Name),
        (_, "name") if kind.starts_with("ConfigMap") || kind.starts_with("Secret") => Some(Format::Name),
        ("VolumeMount", "mountPath") => Some(Format::Path),
        ("VolumeMount", "subPath") => Some(Format::Below),
        (
            "Toleration" | "NodeSelectorRequirement" | "LabelSelectorRequirement" | "PodAffinityTerm" | "TopologySpreadConstraint",
            "key" | "topologyKey",
        ) => Some(Format::LabelKey),
        ("Toleration", "value") => Some(Format::LabelValue),
        _ => SETS.iter().find(|(known, name, _)| *known == kind && *name == field).map(|(.., words)| Format::Word(words)),
    }
}

impl Format {
    /// Whether a text fits.
    pub(super) fn takes(self, text: &str) -> bool {
        match self {
            Self::Label => is_label(text),
            Self::Name => text.len() <= 253 && text.split('.').all(is_label),
            Self::Port => is_label(text) && text.len() <= 15 && text.contains(|c: char| c.is_ascii_lowercase()) && !text.contains("--"),
            Self::Variable => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'='),
            Self::Image => is_reference(text),
            Self::LabelKey => is_label_key(text),
            Self::LabelValue => is_label_value(text),
            Self::Absolute => text.starts_with('/'),
            Self::Path => text.starts_with('/') && !text.contains(':'),
            Self::Below => !text.starts_with('/') && !text.split('/').any(|part| part == ".."),
            Self::Word(words) => words.contains(&text),
        }
    }

    /// What it is, as a reader would say it.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Label => "a name in Kubernetes: lower-case letters, digits and hyphens, at most 63, a letter or digit at both ends",
            Self::Name => "a name in Kubernetes: lower-case letters, digits, `-` and `.`, a letter or digit at both ends of each part",
            Self::Port => "the name of a port: at most 15 lower-case letters, digits and hyphens, at least one letter",
            Self::Variable => "the name of a variable: visible characters without `=`",
            Self::Image => "a reference of an image such as `quay.io/jupyter/base-notebook:2026-07-28`",
            Self::LabelKey => "the key of a label: letters, digits, `-`, `_` and `.`, at most 63, perhaps behind a domain and `/`",
            Self::LabelValue => "the value of a label: at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
            Self::Absolute => "a path that begins with `/`",
            Self::Path => "a path in a container: it begins with `/` and has no `:`",
            Self::Below => "a path below a volume: it does not begin with `/` and has no `..`",
            Self::Word(_) => "one of the words that Kubernetes takes here",
        }
    }
}

/// A DNS label.
fn is_label(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&text.len()) && text.chars().all(letter) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_label_value(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = |c: char| c.is_ascii_alphanumeric();
    text.is_empty() || (text.len() <= 63 && text.chars().all(letter) && text.starts_with(end) && text.ends_with(end))
}

fn is_label_key(text: &str) -> bool {
    let (domain, name) = text.split_once('/').map_or((None, text), |(domain, name)| (Some(domain), name));
    !name.is_empty() && is_label_value(name) && domain.is_none_or(|domain| domain.len() <= 253 && domain.split('.').all(is_label))
}

/// The key of an annotation: that of a label, in any case.
pub(super) fn is_annotation_key(text: &str) -> bool {
    is_label_key(&text.to_ascii_lowercase())
}

/// The name of a resource that a container can ask for.
pub(super) fn is_resource(name: &str) -> bool {
    let own = RESOURCES.contains(&name) || name.starts_with("hugepages-");
    own || (name.contains('/') && is_label_key(name))
}

/// The least and the most that a whole number in a field of a type can be.
pub(super) fn range(kind: &str, field: &str) -> Option<(i64, i64)> {
    match (kind, field) {
        ("ContainerPort", "containerPort" | "hostPort") | ("HTTPGetAction" | "TCPSocketAction" | "GRPCAction", "port") => Some((1, 65535)),
        ("PreferredSchedulingTerm" | "WeightedPodAffinityTerm", "weight") => Some((1, 100)),
        (_, "defaultMode" | "mode") => Some((0, 0o777)),
        (_, "runAsUser" | "runAsGroup" | "fsGroup") => Some((0, i64::from(i32::MAX))),
        ("TopologySpreadConstraint", "maxSkew")
        | ("Probe", "failureThreshold" | "periodSeconds" | "successThreshold" | "timeoutSeconds") => Some((1, i64::from(i32::MAX))),
        (_, "terminationGracePeriodSeconds" | "initialDelaySeconds") => Some((0, i64::MAX)),
        _ => None,
    }
}

/// What a quantity amounts to; `None` for what is none, or is below zero.
pub(super) fn amount(text: &str) -> Option<f64> {
    if !is_quantity(text) || text.starts_with('-') {
        return None;
    }
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let scale = match suffix {
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "" => 1.0,
        _ if suffix.starts_with(['e', 'E']) && suffix.len() > 1 && !suffix.ends_with('i') => return text.parse().ok(),
        _ => {
            let power = "kMGTPE".find(suffix.get(..1)?.replace('K', "k").as_str())?;
            let base = if suffix.ends_with('i') { 1024_f64 } else { 1000_f64 };
            base.powi(i32::try_from(power).ok()? + 1)
        }
    };
    Some(number.parse::<f64>().ok()? * scale)
}

/// A quantity: a decimal number with one of the suffixes of `resource.Quantity`.
pub(super) fn is_quantity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let digits = number.matches('.').count() <= 1 && number.bytes().any(|byte| byte.is_ascii_digit());
    let exponent = suffix.strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
    let known = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].contains(&suffix);
    digits && (known || exponent.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_kubernetes() {
        for right in ["1", "0.5", "1.5Gi", "500m", "1e3", "1E-3", "10k", "+1", ".5", "5."] {
            assert!(is_quantity(right), "{right}");
        }
        for (text, held) in [("1Ki", 1024.0), ("2k", 2000.0), ("1.5Gi", 1_610_612_736.0), ("500m", 0.5), ("1e3", 1000.0), ("2E", 2e18)] {
            assert_eq!(amount(text), Some(held), "{text}");
        }
        assert_eq!(amount("-1"), None);
        for wrong in ["", "one", "4GB", "4g", "1 Gi", "1.2.3", "4K", "Gi", "1e"] {
            assert!(!is_quantity(wrong), "{wrong}");
        }
    }

    #[test]
    fn labels_are_kubernetes() {
        for right in ["a", "example.org/pool", "node.kubernetes.io/instance-type", "A_b.c", "hub.jupyter.org_dedicated"] {
            assert!(is_label_key(right), "{right}");
        }
        for wrong in ["", "/a", "a/", "Example.org/a", "a b", "a/b/c", "-a"] {
            assert!(!is_label_key(wrong), "{wrong}");
        }
        assert!(is_label_value("") && is_label_value("n1-standard-2") && !is_label_value("big nodes") && !is_label_value("a-"));
    }
}
