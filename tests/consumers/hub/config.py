"""Helm values → the configuration that zero-to-jupyterhub's hub gives KubeSpawner."""

from values import Reject

# zero-to-jupyterhub: singleuser.<left> sets KubeSpawner.<right> when not null
PLAIN = {
    "podNameTemplate": "pod_name_template", "startTimeout": "start_timeout",
    "image.pullPolicy": "image_pull_policy", "events": "events_enabled",
    "extraLabels": "extra_labels", "extraAnnotations": "extra_annotations", "uid": "uid",
    "fsGid": "fs_gid", "serviceAccountName": "service_account",
    "storage.extraLabels": "storage_extra_labels", "nodeSelector": "node_selector",
    "extraNodeAffinity.required": "node_affinity_required",
    "extraNodeAffinity.preferred": "node_affinity_preferred",
    "extraPodAffinity.required": "pod_affinity_required",
    "extraPodAffinity.preferred": "pod_affinity_preferred",
    "extraPodAntiAffinity.required": "pod_anti_affinity_required",
    "extraPodAntiAffinity.preferred": "pod_anti_affinity_preferred",
    "lifecycleHooks": "lifecycle_hooks", "initContainers": "init_containers",
    "extraContainers": "extra_containers", "memory.limit": "mem_limit",
    "memory.guarantee": "mem_guarantee", "cpu.limit": "cpu_limit", "cpu.guarantee": "cpu_guarantee",
    "extraResource.limits": "extra_resource_limits",
    "extraResource.guarantees": "extra_resource_guarantees", "extraEnv": "environment",
    "profileList": "profile_list", "extraPodConfig": "extra_pod_config",
    "storage.capacity": "storage_capacity", "storage.dynamic.storageClass": "storage_class",
}
MISSING = object()


def dig(values, path, default=None):
    for level in path.split("."):
        if not isinstance(values, dict) or level not in values:
            return default
        values = values[level]
    return values


def builtin_config(values):
    from traitlets.config import Config

    c = Config()
    su = values.get("singleuser") or {}
    for src, trait in PLAIN.items():
        v = dig(su, src)
        if v is not None:
            setattr(c.KubeSpawner, trait, v)
    image, tag = dig(su, "image.name"), dig(su, "image.tag")
    if image:
        c.KubeSpawner.image = f"{image}:{tag}" if tag else image
    if "allowPrivilegeEscalation" in su:
        c.KubeSpawner.allow_privilege_escalation = su["allowPrivilegeEscalation"]
    secrets = list(values.get("imagePullSecrets") or []) + list(dig(su, "image.pullSecrets") or [])
    if secrets:
        c.KubeSpawner.image_pull_secrets = secrets
    tol = (dig(values, "scheduling.userPods.tolerations") or []) + (su.get("extraTolerations") or [])
    if tol:
        c.KubeSpawner.tolerations = tol
    volumes, mounts = {}, {}
    if dig(su, "storage.type") == "dynamic":
        n = dig(su, "storage.dynamic.volumeNameTemplate")
        volumes[n] = {"name": n, "persistentVolumeClaim": {"claimName": "{pvc_name}"}}
        mounts[n] = {"mountPath": dig(su, "storage.homeMountPath"), "name": n,
                     "subPath": dig(su, "storage.dynamic.subPath")}
    elif dig(su, "storage.type") == "static":
        volumes["home"] = {"name": "home", "persistentVolumeClaim": {"claimName": dig(su, "storage.static.pvcName")}}
        mounts["home"] = {"mountPath": dig(su, "storage.homeMountPath"), "name": "home",
                          "subPath": dig(su, "storage.static.subPath")}
    ev = dig(su, "storage.extraVolumes") or {}
    volumes.update(ev if isinstance(ev, dict) else {v["name"]: v for v in ev})
    em = dig(su, "storage.extraVolumeMounts") or {}
    mounts.update(em if isinstance(em, dict) else {f"{i}-{m['name']}": m for i, m in enumerate(em)})
    c.KubeSpawner.volumes, c.KubeSpawner.volume_mounts = volumes, mounts
    if dig(su, "cloudMetadata.blockWithIptables"):
        c.KubeSpawner.init_containers = list(su.get("initContainers") or []) + [
            {"name": "block-cloud-metadata", "image": "{}:{}".format(
                dig(su, "networkTools.image.name"), dig(su, "networkTools.image.tag"))}]
    cmd = su.get("cmd", MISSING)
    if cmd is not MISSING:
        c.Spawner.cmd = cmd
    if su.get("defaultUrl") is not None:
        c.Spawner.default_url = su["defaultUrl"]
    for section, cfg in (dig(values, "hub.config") or {}).items():
        if not section[:1].isupper():
            raise Reject(f"hub.config.{section}: sections must be class names")
        c[section].update(cfg)
    return c
