//! Texts that Kubernetes reads: names, labels, quantities, and words of closed sets.

/// Words that a field of a type takes, and no others (the API's reference of each type).
const SETS: [(&str, &str, &[&str]); 14] = [
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
];

/// What a text in a field has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A name of a volume or container: a DNS label.
    Label,
    /// The key of a label.
    LabelKey,
    /// The value of a label.
    LabelValue,
    /// A path in a container.
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
        ("VolumeMount", "mountPath") => Some(Format::Path),
        ("VolumeMount", "subPath") => Some(Format::Below),
        ("Toleration" | "NodeSelectorRequirement" | "LabelSelectorRequirement" | "PodAffinityTerm", "key" | "topologyKey") => {
            Some(Format::LabelKey)
        }
        ("Toleration", "value") => Some(Format::LabelValue),
        _ => SETS.iter().find(|(known, name, _)| *known == kind && *name == field).map(|(.., words)| Format::Word(words)),
    }
}

impl Format {
    /// Whether a text fits.
    pub(super) fn takes(self, text: &str) -> bool {
        match self {
            Self::Label => is_label(text),
            Self::LabelKey => is_label_key(text),
            Self::LabelValue => is_label_value(text),
            Self::Path => text.starts_with('/') && !text.contains(':'),
            Self::Below => !text.starts_with('/') && !text.split('/').any(|part| part == ".."),
            Self::Word(words) => words.contains(&text),
        }
    }

    /// What it is, as a reader would say it.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Label => "a name in Kubernetes: lower-case letters, digits and hyphens, at most 63, a letter or digit at both ends",
            Self::LabelKey => "the key of a label: letters, digits, `-`, `_` and `.`, at most 63, perhaps behind a domain and `/`",
            Self::LabelValue => "the value of a label: at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
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
