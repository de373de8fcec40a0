#!/usr/bin/env python3
"""schema.py CONFIGMAP SCHEMA DEFAULTS: the Helm values of a ConfigMap over the chart's defaults against the chart's own schema."""

import sys

import jsonschema
import yaml
from values import Reject, merge, read_configmap, read_values


def main(configmap, schema, defaults):
    with open(schema) as file:
        schema = yaml.safe_load(file)
    try:
        with open(defaults) as file:
            values = read_values(file.read(), defaults)
        values = merge(values, read_values(read_configmap(configmap, "values.yaml")[1], configmap))
    except Reject as error:
        print(f"REJECTED: {error}")
        return 1
    errors = sorted(jsonschema.Draft7Validator(schema).iter_errors(values), key=lambda error: list(map(str, error.path)))
    for error in errors:
        print(f"REJECTED: {'.'.join(map(str, error.path)) or '(root)'}: {error.message[:200]}")
    print(f"{configmap}: {len((values.get('singleuser') or {}).get('profileList') or [])} profiles")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
