"""A ConfigMap and the Helm values in it, as Kubernetes, Helm and Flux would take them."""

import re

import yaml

DNS_SUBDOMAIN = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
DATA_KEY = re.compile(r"^[-._a-zA-Z0-9]+$")
MIB = 1024 * 1024


class Reject(Exception):
    """KubeSpawner, the chart or Kubernetes would not take this."""


class Report:
    """Mistakes that KubeSpawner swallows: code, place, text."""

    def __init__(self):
        self.lints = []

    def lint(self, code, where, text):
        self.lints.append((code, where, text))


def read_configmap(path, key):
    with open(path, "rb") as f:
        raw = f.read()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        raise Reject(f"{path}: not UTF-8: {e}")
    try:
        docs = [d for d in yaml.safe_load_all(text) if d is not None]
    except yaml.YAMLError as e:
        raise Reject(f"{path}: not YAML: {e}")
    maps = [d for d in docs if isinstance(d, dict) and d.get("kind") == "ConfigMap"]
    if len(maps) != 1:
        raise Reject(f"{path}: expected one ConfigMap, found {len(maps)}")
    cm = maps[0]
    if cm.get("apiVersion") != "v1":
        raise Reject(f"apiVersion must be v1, is {cm.get('apiVersion')!r}")
    meta = cm.get("metadata")
    if not isinstance(meta, dict):
        raise Reject("metadata is missing")
    n = meta.get("name")
    if not isinstance(n, str) or len(n) > 253 or not DNS_SUBDOMAIN.match(n):
        raise Reject(f"metadata.name {n!r} is not a DNS-1123 subdomain")
    for part in ("labels", "annotations"):
        for k, v in (meta.get(part) or {}).items():
            if not isinstance(k, str) or not isinstance(v, str):
                raise Reject(f"metadata.{part}[{k!r}] must be a string, is {v!r}")
    data = cm.get("data")
    if not isinstance(data, dict) or not data:
        raise Reject("data is missing or empty")
    total = 0
    for k, v in data.items():
        if not isinstance(k, str) or len(k) > 253 or not DATA_KEY.match(k):
            raise Reject(f"data key {k!r} is not valid")
        if not isinstance(v, str):
            raise Reject(f"data[{k!r}] must be a string (block scalar), is {type(v).__name__}")
        total += len(v.encode())
    total += sum(len(v) for v in (cm.get("binaryData") or {}).values())
    if total > MIB:
        raise Reject(f"data is {total} bytes; Kubernetes takes at most {MIB}")
    if key not in data:
        raise Reject(f"no key {key!r} in data (there are: {', '.join(sorted(data))})")
    return cm, data[key], total


class StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses duplicate keys (PyYAML itself lets the last one win)."""

    def construct_mapping(self, node, deep=False):
        seen = {}
        for k, _ in node.value:
            try:
                name = self.construct_object(k, deep=True)
                hash(name)
            except (TypeError, yaml.YAMLError):
                continue
            if name in seen:
                raise Reject(f"duplicate key {name!r}: lines {seen[name]} and {k.start_mark.line + 1}")
            seen[name] = k.start_mark.line + 1
        return super().construct_mapping(node, deep)


def go_yaml_kind(s):
    """What Helm (sigs.k8s.io/yaml, a YAML 1.1 dialect) makes of a plain scalar."""
    if s in ("", "~", "null", "Null", "NULL"):
        return "null"
    if re.fullmatch(r"y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE|n|N|no|No|NO|off|Off|OFF|false|False|FALSE", s):
        return "bool"
    t = s.replace("_", "")
    if re.fullmatch(r"[-+]?(0b[01]+|0o?[0-7]+|0x[0-9a-fA-F]+|0|[1-9][0-9]*)", t):
        return "int"
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", t):
        return "float"
    if re.fullmatch(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", s):
        return "inf/nan"
    return "str"


def yaml12_kind(s):
    if s in ("", "~", "null", "Null", "NULL"):
        return "null"
    if re.fullmatch(r"true|True|TRUE|false|False|FALSE", s):
        return "bool"
    if re.fullmatch(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", s):
        return "int"
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", s):
        return "float"
    if re.fullmatch(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", s):
        return "inf/nan"
    return "str"


PYTAG = {"tag:yaml.org,2002:" + k: v for k, v in
         dict(null="null", bool="bool", int="int", float="float", str="str",
              timestamp="date", merge="merge", value="value").items()}


def lint_scalars(text, report):
    """Plain (unquoted) scalars that different YAML readers read differently."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)

    def walk(node, path):
        if isinstance(node, yaml.MappingNode):
            for k, v in node.value:
                walk_scalar(k, path, True)
                walk(v, path + [getattr(k, "value", "?")])
        elif isinstance(node, yaml.SequenceNode):
            for i, v in enumerate(node.value):
                walk(v, path + [str(i)])
        else:
            walk_scalar(node, path, False)

    def walk_scalar(node, path, is_key):
        if not isinstance(node, yaml.ScalarNode) or node.style is not None:
            return
        s = node.value
        go, v12 = go_yaml_kind(s), yaml12_kind(s)
        py = PYTAG.get(node.tag, node.tag)
        where = f"{'.'.join(path)}{' (key)' if is_key else ''} line {node.start_mark.line + 1}"
        if is_key and go != "str":
            report.lint("yaml-key", where, f"plain key {s!r} is not a string (Helm: {go}); quote it")
        elif len({go, v12, py}) > 1:
            report.lint("yaml-ambiguous", where,
                        f"plain scalar {s!r}: {go} to Helm, {py} to PyYAML, {v12} in YAML 1.2; quote it")
        elif go == "inf/nan":
            report.lint("yaml-inf", where, f"{s!r} cannot become JSON; Helm fails")
        elif go == "bool" and s not in ("true", "false"):
            report.lint("yaml-bool", where, f"{s!r}: write true or false")
        elif go == "int" and re.fullmatch(r"[-+]?0[0-7_]+", s):
            report.lint("yaml-octal", where, f"{s!r} is octal in YAML 1.1; quote it")
        elif go == "float" and not re.search(r"(cpu|poll|jitter|limit|guarantee|timeout)", ".".join(path)):
            report.lint("yaml-float", where, f"{s!r} is a number; if it is a version, quote it")

    walk(root, [])


def merge(a, b):
    """Helm's and Flux's merge: maps merge, everything else (lists too) is replaced."""
    out = dict(a)
    for k, v in b.items():
        if isinstance(v, dict) and isinstance(out.get(k), dict):
            out[k] = merge(out[k], v)
        else:
            out[k] = v
    return out


def json_round_trip(values):
    """Helm values are JSON: keys become strings, dates have no form there."""
    def conv(v, path):
        if isinstance(v, dict):
            out = {}
            for k, x in v.items():
                if isinstance(k, bool):
                    k = "true" if k else "false"
                elif isinstance(k, float) and k.is_integer():
                    k = str(int(k))
                elif k is None:
                    raise Reject(f"{path}: null key")
                k = str(k)
                if k in out:
                    raise Reject(f"{path}: duplicate key {k!r}")
                out[k] = conv(x, f"{path}.{k}")
            return out
        if isinstance(v, list):
            return [conv(x, f"{path}[{i}]") for i, x in enumerate(v)]
        if v is None or isinstance(v, (bool, int, str)):
            return v
        if isinstance(v, float):
            if v != v or v in (float("inf"), float("-inf")):
                raise Reject(f"{path}: {v} cannot become JSON")
            return int(v) if v.is_integer() and abs(v) < 1e6 else v
        return str(v)  # dates: Helm leaves them strings
    return conv(values, "")


def read_values(text, what, report=None):
    try:
        v = yaml.load(text, Loader=StrictLoader)
    except yaml.YAMLError as e:
        raise Reject(f"{what}: not YAML: {e}")
    if v is None:
        v = {}
    if not isinstance(v, dict):
        raise Reject(f"{what}: values must be a mapping, not {type(v).__name__}")
    if report is not None:
        lint_scalars(text, report)
    return json_round_trip(v)
