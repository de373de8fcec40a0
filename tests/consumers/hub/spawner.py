"""A real KubeSpawner without a cluster: a form goes in, a pod's manifest comes out."""

import copy
import functools
import json
import logging
import re
import warnings

from values import Reject

DNS_LABEL = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
# the reference grammar of container registries (name[:tag][@digest])
IMAGE_REF = re.compile(
    r"^(?=.{1,512}$)"
    r"(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$"
)


def quiet_logger(store):
    log = logging.getLogger("kubespawner-harness")
    log.handlers[:] = []
    log.propagate = False
    log.setLevel(logging.INFO)

    class H(logging.Handler):
        def emit(self, record):
            store.append((record.levelname, record.getMessage()))

    log.addHandler(H())
    return log


class FakeServer:
    base_url = "/user/tester/"
    ip = "0.0.0.0"
    port = 8888
    cookie_name = "x"


@functools.cache
def compiled_once():
    """The page's templates are compiled once: KubeSpawner makes a new environment of Jinja's for each page."""
    from jinja2 import Environment

    compile, known = Environment.compile, {}

    def cached(self, source, name=None, filename=None, raw=False, defer_init=False):
        if not isinstance(source, str) or raw:
            return compile(self, source, name, filename, raw, defer_init)
        key = source, name, filename, defer_init, self.autoescape
        if key not in known:
            known[key] = compile(self, source, name, filename, raw, defer_init)
        return known[key]

    Environment.compile = cached


def make_spawner(config, messages):
    """A KubeSpawner as the hub holds one, with a made-up user and hub, and no cluster."""
    import kubespawner.spawner
    from kubespawner import KubeSpawner

    compiled_once()
    kubespawner.spawner.load_config = lambda **kw: None
    kubespawner.spawner.shared_client = lambda *a, **kw: None

    class U:
        name, id, url, escaped_name, admin = "tester", 1, "/user/tester/", "tester", False
        server = FakeServer()
        groups = []

        async def get_auth_state(self):
            return None

    class Hub:
        public_host, url, base_url = "", "http://hub:8081/hub/", "/hub/"
        api_url, ip, port, connect_ip = "http://hub:8081/hub/api", "hub", 8081, ""

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        s = KubeSpawner(config=copy.deepcopy(config), parent=None, user=U(), hub=Hub(),
                        log=quiet_logger(messages), _mock=True)
    s.api_token, s.oauth_client_id, s.cookie_options = "t", "o", {}
    s.oauth_access_scopes, s.server_token_scopes = [], []
    s.cert_paths = {}
    return s


def describe(e):
    return f"{type(e).__name__}: {e}"


def _sanitize(obj):
    if hasattr(obj, "openapi_types"):
        return {obj.attribute_map[a]: _sanitize(getattr(obj, a)) for a in obj.openapi_types
                if getattr(obj, a) is not None}
    if isinstance(obj, dict):
        return {k: _sanitize(v) for k, v in obj.items()}
    if isinstance(obj, (list, tuple)):
        return [_sanitize(v) for v in obj]
    return obj


async def submit(config, formdata, messages):
    """One user pressing Start: formdata -> user_options -> spawner -> pod."""
    s = make_spawner(config, messages)
    s.user_options = s.options_from_form(formdata)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        await s.load_user_options()
        pod = await s.get_pod_manifest()
    pod = _sanitize(pod)
    json.dumps(pod)
    return s, pod


def check_pod(pod, where):
    """What the API server (not KubeSpawner) would refuse of the parts a profile touches."""
    try:
        _check_pod(pod, where)
    except Reject as e:
        raise Reject(f"Kubernetes would refuse the pod: {e}")


def _check_pod(pod, where):
    spec = pod["spec"]
    main = spec["containers"][0]
    img = main.get("image")
    if not isinstance(img, str) or not IMAGE_REF.match(img):
        raise Reject(f"{where}: image {img!r} is not a valid image reference")
    for what in ("limits", "requests"):
        for k, v in (main.get("resources", {}).get(what) or {}).items():
            if isinstance(v, bool) or not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+|[KMGTPE]i|[numkMGTPE])?", str(v)):
                raise Reject(f"{where}: resources.{what}.{k}={v!r} is not a Kubernetes quantity")
    lim, req = (main.get("resources", {}).get(k) or {} for k in ("limits", "requests"))
    for k in set(lim) & set(req):
        if quantity(req[k]) > quantity(lim[k]):
            raise Reject(f"{where}: {k} guarantee {req[k]} is above its limit {lim[k]}")
    for k, v in (spec.get("nodeSelector") or {}).items():
        if not isinstance(v, str):
            raise Reject(f"{where}: node_selector[{k!r}] must be a string, is {v!r}")
    for e in main.get("env") or []:
        if not isinstance(e.get("value", ""), (str, type(None))):
            raise Reject(f"{where}: environment[{e.get('name')!r}] must be a string, is {e['value']!r}")
        if not re.fullmatch(r"[^=\x00-\x20\x7f-\U0010ffff]+", e.get("name") or ""):
            raise Reject(f"{where}: environment name {e.get('name')!r}")
    vols = {v.get("name") for v in spec.get("volumes") or []}
    for m in main.get("volumeMounts") or []:
        if m.get("name") not in vols:
            raise Reject(f"{where}: volume_mounts names volume {m.get('name')!r}, which is not in volumes {sorted(map(str, vols))}")
    for t in spec.get("tolerations") or []:
        if t.get("effect") not in (None, "NoSchedule", "PreferNoSchedule", "NoExecute"):
            raise Reject(f"{where}: toleration effect {t.get('effect')!r}")
        if t.get("operator") not in (None, "Exists", "Equal", "Lt", "Gt"):
            raise Reject(f"{where}: toleration operator {t.get('operator')!r}")
        if not isinstance(t.get("value", ""), (str, type(None))):
            raise Reject(f"{where}: toleration value {t.get('value')!r} must be a string")
    if main.get("imagePullPolicy") not in (None, "", "Always", "IfNotPresent", "Never"):
        raise Reject(f"{where}: image_pull_policy {main['imagePullPolicy']!r}")
    for c in [main, *spec["containers"][1:], *(spec.get("initContainers") or [])]:
        n = c.get("name")
        if not isinstance(n, str) or len(n) > 63 or not DNS_LABEL.match(n):
            raise Reject(f"{where}: container name {n!r}")


# read in KubeSpawner.__init__ only
FIXED_EARLY = {"pvc_name_template", "pod_name_template", "secret_name_template", "dns_name_template",
               "user_namespace_template", "enable_user_namespaces", "profile_list", "options_form",
               "options_from_form", "profile_form_template", "additional_profile_form_template_paths"}

UNITS = {"": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
         "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}


def quantity(v):
    m = re.fullmatch(r"([+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)", str(v))
    return float(m[1]) * UNITS[m[2]]
