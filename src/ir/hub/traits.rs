//! The traits of `KubeSpawner` that can be configured, as data. Names and types were read from its class
//! (`KubeSpawner.class_traits(config=True)`) in jupyterhub-kubespawner 7.1.0 with `JupyterHub` 6.1.1, and compared with
//! 7.0.0 with 5.5.0 and 6.2.0 with 4.1.6; what is expanded and when, from the code of 7.1.0.

use super::Chart;

/// A trait that can be configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trait {
    /// Its name: `mem_limit`.
    pub name: &'static str,
    /// What it takes.
    pub kind: TraitKind,
    /// Whether it may be reset to nothing.
    pub nullable: bool,
    /// Who treats braces in its texts as placeholders.
    pub expansion: Expansion,
    /// When an entry of a menu can set it.
    pub effect: Effect,
    /// The oldest `KubeSpawner` looked at that has it.
    pub since: Since,
}

/// What a trait takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraitKind {
    /// A text.
    Text,
    /// A whole number; a text is refused.
    Int,
    /// A number; a text is refused.
    Number,
    /// `true` or `false`.
    Bool,
    /// Bytes: a whole number, or a number and `K`, `M`, `G` or `T`.
    Bytes,
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Ints,
    /// A command: a list of texts or one text.
    Command,
    /// A list of names, or of maps with `name`; one text is a list of one.
    PullSecrets,
    /// A map.
    Map,
    /// A map of texts.
    TextMap,
    /// A map of quantities, written as texts.
    QuantityMap,
    /// A map of texts, or of Kubernetes' `EnvVar` objects.
    Environment,
    /// A list of Kubernetes' objects; also a map of them where the chart's `KubeSpawner` takes one.
    Objects,
    /// A Python function: YAML has no way to say one.
    Hook,
}

/// Who treats braces in a trait's texts as placeholders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// Nobody.
    No,
    /// `KubeSpawner`, with the names of [`KUBESPAWNER_NAMES`].
    Kubespawner,
    /// `JupyterHub`, with the names of [`JUPYTERHUB_NAMES`].
    Jupyterhub,
}

impl Expansion {
    /// The names that may stand in braces.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::No => &[],
            Self::Kubespawner => &KUBESPAWNER_NAMES,
            Self::Jupyterhub => &JUPYTERHUB_NAMES,
        }
    }
}

/// When an entry of a menu can set a trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// At every start of a server.
    Spawn,
    /// Only while the user's volume does not exist yet.
    FirstVolume,
    /// Never: it is read when the spawner is made, before an entry is chosen.
    Creation,
    /// Never: it is a Python function.
    Never,
}

/// A version of `KubeSpawner`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// 6.2 or older.
    V6,
    /// 7.0
    V7_0,
    /// 7.1
    V7_1,
}

impl Since {
    /// Whether the `KubeSpawner` of a chart has it.
    #[must_use]
    pub fn in_chart(self, chart: Chart) -> bool {
        match self {
            Self::V6 => true,
            Self::V7_0 => chart.kubespawner() >= (7, 0),
            Self::V7_1 => chart.kubespawner() >= (7, 1),
        }
    }

    /// `7.1`
    #[must_use]
    pub fn version(self) -> &'static str {
        match self {
            Self::V6 => "6.2",
            Self::V7_0 => "7.0",
            Self::V7_1 => "7.1",
        }
    }
}

/// The version that the table was read from.
pub const KUBESPAWNER_VERSION: &str = "7.1.0";

/// What `KubeSpawner` fills in where it expands (`_expand_user_properties`).
pub const KUBESPAWNER_NAMES: [&str; 16] = [
    "userid",
    "unescaped_username",
    "unescaped_servername",
    "hubnamespace",
    "username",
    "servername",
    "user_server",
    "safe_username",
    "safe_servername",
    "safe_user_server",
    "escaped_username",
    "escaped_servername",
    "escaped_user_server",
    "pod_name",
    "pvc_name",
    "namespace",
];

/// What `JupyterHub` fills in where it expands (`Spawner.template_namespace`).
pub const JUPYTERHUB_NAMES: [&str; 2] = ["username", "base_url"];

/// Old names that still work, and what they are called now (`KubeSpawner._deprecated_traits`).
pub const DEPRECATED: [(&str, &str); 22] = [
    ("image_spec", "image"),
    ("singleuser_extra_annotations", "extra_annotations"),
    ("singleuser_extra_container_config", "extra_container_config"),
    ("singleuser_extra_containers", "extra_containers"),
    ("singleuser_extra_labels", "extra_labels"),
    ("singleuser_extra_pod_config", "extra_pod_config"),
    ("singleuser_fs_gid", "fs_gid"),
    ("singleuser_image_pull_policy", "image_pull_policy"),
    ("singleuser_image_pull_secrets", "image_pull_secrets"),
    ("singleuser_image_spec", "image"),
    ("singleuser_init_containers", "init_containers"),
    ("singleuser_node_selector", "node_selector"),
    ("singleuser_privileged", "privileged"),
    ("singleuser_service_account", "service_account"),
    ("singleuser_supplemental_gids", "supplemental_gids"),
    ("singleuser_uid", "uid"),
    ("singleuser_working_dir", "working_dir"),
    ("user_storage_access_modes", "storage_access_modes"),
    ("user_storage_capacity", "storage_capacity"),
    ("user_storage_class", "storage_class"),
    ("user_storage_extra_labels", "storage_extra_labels"),
    ("user_storage_pvc_ensure", "storage_pvc_ensure"),
];

/// The trait with this name.
#[must_use]
pub fn find_trait(name: &str) -> Option<&'static Trait> {
    TRAITS.iter().find(|known| known.name == name)
}

/// `imagePullPolicy` as `image_pull_policy`: a name of Kubernetes as traits are spelled.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut written = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !written.is_empty() && !written.ends_with('_') {
            written.push('_');
        }
        written.push(c.to_ascii_lowercase());
    }
    written
}

/// The present name of a deprecated one.
#[must_use]
pub fn renamed_trait(name: &str) -> Option<&'static str> {
    DEPRECATED.iter().find(|(old, _)| *old == name).map(|(_, new)| *new)
}

use Effect::{Creation, FirstVolume, Never, Spawn};
use Expansion::{Jupyterhub, Kubespawner, No};
use Since::{V6, V7_0, V7_1};
use TraitKind::{Bool, Bytes, Command, Environment, Hook, Int, Ints, Map, Number, Objects, PullSecrets, QuantityMap, Text, TextMap, Texts};

/// A row of the table.
const fn row(name: &'static str, kind: TraitKind, nullable: bool, expansion: Expansion, effect: Effect, since: Since) -> Trait {
    Trait { name, kind, nullable, expansion, effect, since }
}

/// Every trait that can be configured, by name.
pub const TRAITS: [Trait; 113] = [
    row("additional_profile_form_template_paths", Texts, false, No, Creation, V6),
    row("after_pod_created_hook", Hook, true, No, Never, V6),
    row("allow_privilege_escalation", Bool, true, No, Spawn, V6),
    row("apply_user_options", Map, true, No, Creation, V7_0),
    row("args", Texts, false, No, Spawn, V6),
    row("auth_state_hook", Hook, true, No, Never, V6),
    row("automount_service_account_token", Bool, true, No, Spawn, V6),
    row("cmd", Command, true, No, Spawn, V6),
    row("common_labels", TextMap, false, No, Spawn, V6),
    row("component_label", Text, false, No, Spawn, V6),
    row("consecutive_failure_limit", Int, false, No, Spawn, V6),
    row("container_security_context", Map, false, No, Spawn, V6),
    row("cpu_guarantee", Number, true, No, Spawn, V6),
    row("cpu_limit", Number, true, No, Spawn, V6),
    row("debug", Bool, false, No, Spawn, V6),
    row("default_url", Text, false, Jupyterhub, Spawn, V6),
    row("delete_grace_period", Int, false, No, Spawn, V6),
    row("delete_pvc", Bool, false, No, Spawn, V6),
    row("delete_stopped_pods", Bool, false, No, Spawn, V6),
    row("disable_user_config", Bool, false, No, Spawn, V6),
    row("dns_name_template", Text, false, No, Creation, V6),
    row("enable_user_namespaces", Bool, false, No, Creation, V6),
    row("env_keep", Texts, false, No, Spawn, V6),
    row("environment", Environment, false, Kubespawner, Spawn, V6),
    row("events_enabled", Bool, false, No, Spawn, V6),
    row("extra_annotations", TextMap, false, Kubespawner, Spawn, V6),
    row("extra_container_config", Map, false, No, Spawn, V6),
    row("extra_containers", Objects, false, Kubespawner, Spawn, V6),
    row("extra_labels", TextMap, false, Kubespawner, Spawn, V6),
    row("extra_pod_config", Map, false, Kubespawner, Spawn, V6),
    row("extra_resource_guarantees", QuantityMap, false, No, Spawn, V6),
    row("extra_resource_limits", QuantityMap, false, No, Spawn, V6),
    row("fs_gid", Int, true, No, Spawn, V6),
    row("get_pod_url", Hook, true, No, Never, V6),
    row("gid", Int, true, No, Spawn, V6),
    row("group_overrides", Map, false, No, Creation, V7_0),
    row("handle_legacy_names", Bool, false, No, Creation, V7_0),
    row("http_timeout", Int, false, No, Spawn, V6),
    row("hub_connect_ip", Text, true, No, Spawn, V6),
    row("hub_connect_port", Int, false, No, Spawn, V6),
    row("hub_connect_url", Text, true, No, Spawn, V6),
    row("image", Text, false, No, Spawn, V6),
    row("image_pull_policy", Text, true, No, Spawn, V6),
    row("image_pull_secrets", PullSecrets, false, No, Spawn, V6),
    row("init_containers", Objects, false, Kubespawner, Spawn, V6),
    row("ip", Text, false, No, Spawn, V6),
    row("k8s_api_host", Text, false, No, Creation, V6),
    row("k8s_api_request_retry_timeout", Int, false, No, Spawn, V6),
    row("k8s_api_request_timeout", Int, false, No, Spawn, V6),
    row("k8s_api_ssl_ca_cert", Text, false, No, Creation, V6),
    row("k8s_api_threadpool_workers", Int, false, No, Creation, V6),
    row("k8s_api_verify_ssl", Bool, true, No, Creation, V6),
    row("lifecycle_hooks", Map, false, No, Spawn, V6),
    row("mem_guarantee", Bytes, true, No, Spawn, V6),
    row("mem_limit", Bytes, true, No, Spawn, V6),
    row("modify_pod_hook", Hook, true, No, Never, V6),
    row("namespace", Text, false, No, Creation, V6),
    row("node_affinity_preferred", Objects, false, No, Spawn, V6),
    row("node_affinity_required", Objects, false, No, Spawn, V6),
    row("node_selector", TextMap, false, No, Spawn, V6),
    row("notebook_dir", Text, false, Jupyterhub, Spawn, V6),
    row("oauth_client_allowed_scopes", Texts, false, No, Spawn, V6),
    row("oauth_roles", Texts, false, No, Spawn, V6),
    row("options_form", Text, false, No, Creation, V6),
    row("options_from_form", Text, false, No, Creation, V6),
    row("pod_affinity_preferred", Objects, false, No, Spawn, V6),
    row("pod_affinity_required", Objects, false, No, Spawn, V6),
    row("pod_anti_affinity_preferred", Objects, false, No, Spawn, V6),
    row("pod_anti_affinity_required", Objects, false, No, Spawn, V6),
    row("pod_connect_ip", Text, false, Kubespawner, Spawn, V6),
    row("pod_name_template", Text, false, No, Creation, V6),
    row("pod_security_context", Map, false, No, Spawn, V6),
    row("poll_interval", Int, false, No, Spawn, V6),
    row("poll_jitter", Number, false, No, Spawn, V7_0),
    row("port", Int, false, No, Spawn, V6),
    row("post_stop_hook", Hook, true, No, Never, V6),
    row("pre_spawn_hook", Hook, true, No, Never, V6),
    row("priority_class_name", Text, false, No, Spawn, V6),
    row("privileged", Bool, false, No, Spawn, V6),
    row("profile_form_template", Text, false, No, Creation, V6),
    row("profile_list", Text, false, No, Creation, V6),
    row("progress_ready_hook", Hook, true, No, Never, V7_0),
    row("pvc_name_template", Text, false, No, Creation, V6),
    row("remember_pvc_name", Bool, false, No, Creation, V7_0),
    row("scheduler_name", Text, true, No, Spawn, V6),
    row("secret_mount_path", Text, false, No, Spawn, V6),
    row("secret_name_template", Text, false, No, Creation, V6),
    row("server_token_scopes", Texts, false, No, Spawn, V6),
    row("service_account", Text, true, Kubespawner, Spawn, V6),
    row("services_enabled", Bool, false, No, Spawn, V6),
    row("slow_spawn_message", Text, false, No, Spawn, V7_1),
    row("slow_spawn_message_frequency", Int, false, No, Spawn, V7_1),
    row("slow_spawn_message_threshold", Int, false, No, Spawn, V7_1),
    row("slug_scheme", Text, false, No, Creation, V7_0),
    row("ssl_alt_names", Texts, false, No, Spawn, V6),
    row("ssl_alt_names_include_local", Bool, false, No, Spawn, V6),
    row("start_timeout", Int, false, No, Spawn, V6),
    row("storage_access_modes", Texts, false, No, FirstVolume, V6),
    row("storage_capacity", Text, true, No, FirstVolume, V6),
    row("storage_class", Text, true, No, FirstVolume, V6),
    row("storage_extra_annotations", TextMap, false, Kubespawner, Spawn, V6),
    row("storage_extra_labels", TextMap, false, Kubespawner, Spawn, V6),
    row("storage_pvc_ensure", Bool, false, No, Spawn, V6),
    row("storage_selector", Map, false, Kubespawner, FirstVolume, V6),
    row("supplemental_gids", Ints, false, No, Spawn, V6),
    row("tolerations", Objects, false, No, Spawn, V6),
    row("uid", Int, true, No, Spawn, V6),
    row("user_namespace_annotations", TextMap, false, Kubespawner, Spawn, V6),
    row("user_namespace_labels", TextMap, false, Kubespawner, Spawn, V6),
    row("user_namespace_template", Text, false, No, Creation, V6),
    row("volume_mounts", Objects, false, Kubespawner, Spawn, V6),
    row("volumes", Objects, false, Kubespawner, Spawn, V6),
    row("working_dir", Text, true, No, Spawn, V6),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kubernetes_are_traits() {
        assert_eq!(snake_case("imagePullPolicy"), "image_pull_policy");
        assert_eq!(snake_case("http_timeout"), "http_timeout");
        assert_eq!(snake_case("Node_Selector"), "node_selector");
    }
}
