#!/usr/bin/env python3
"""Drives a real KubeSpawner with the profile list of a ConfigMap, without a cluster.

    profiles.py CONFIGMAP [--defaults VALUES]… [--html FILE] [--json FILE]

The ConfigMap is read as Kubernetes reads it, its values over the chart's defaults as Helm merges them. The options form is rendered
and read as a browser would; then every profile with every combination of options is submitted and ends in a pod's manifest.
Whatever KubeSpawner, the chart or Kubernetes would refuse or silently ignore is an error: exit status 1.
"""

import argparse
import asyncio
import itertools
import json
import re
import sys

from config import builtin_config
from form import Form, regex_sample
from lints import lint_pods, lint_profiles
from spawner import check_pod, describe, make_spawner, submit
from values import Reject, Report, merge, read_configmap, read_values

MAX_COMBINATIONS = 5000


def combinations(profiles, form, report):
    """Everything a person can submit: (slug, fields of the form, label) for each choice of each option."""
    found = []
    for i, profile in enumerate(profiles):
        slug = profile["slug"]
        where = f"profile {i} ({slug})"
        if (slug if slug is None else str(slug)) != form.radios[i][0]:
            raise Reject(f"{where}: the form's value is {form.radios[i][0]!r}")
        axes = []
        for key, option in (profile.get("profile_options") or {}).items():
            name = f"profile-option-{slug}--{key}"
            if name not in form.selects:
                raise Reject(f"{where}: option {key!r} is not in the form")
            shown = [o[0] for o in form.selects[name]]
            axis = []
            for choice in option.get("choices") or {}:
                if str(choice) not in shown:
                    raise Reject(f"{where}: choice {key}={choice!r} is not in the form")
                axis.append((name, str(choice), f"{key}={choice}"))
            unlisted = option.get("unlisted_choice") or {}
            if unlisted.get("enabled"):
                value = unlisted_sample(unlisted, where, key)
                if value is not None:
                    axis.append((f"{name}--unlisted-choice", value, f"{key}=Other[{value}]"))
            if not axis:
                raise Reject(f"{where}: option {key!r} offers nothing to choose")
            axes.append(axis)
        for combo in itertools.product(*axes):
            found.append((slug, {name: [value] for name, value, _ in combo}, " ".join([slug, *(c[2] for c in combo)])))
            if len(found) > MAX_COMBINATIONS:
                raise Reject(f"{where}: more than {MAX_COMBINATIONS} combinations")
    return found


async def submit_all(config, combos, report):
    results = []
    for slug, fields, label in combos:
        log = []
        try:
            spawner, pod = await submit(config, {"profile": [slug], **fields}, log)
        except Reject:
            raise
        except Exception as error:
            raise Reject(f"{label}: KubeSpawner refuses: {describe(error)}")
        for level, text in log:
            if level in ("WARNING", "ERROR") and "Ignoring arguments" not in text:
                report.lint("kubespawner-log", label, text)
        if spawner.user_options.get("profile") != slug:
            raise Reject(f"{label}: KubeSpawner understood profile {spawner.user_options.get('profile')!r}")
        known = {name[len(f"profile-option-{slug}--"):] for name in fields}
        extra = set(spawner.user_options) - {"profile"} - known
        if extra:
            report.lint("form-leak", label, f"fields of another profile reach this one: {sorted(extra)}")
        check_pod(pod, label)
        results.append((label, slug, spawner, pod))
    return results


async def submit_untouched(config, profiles, form, report):
    """What a browser sends of a form that nobody touched against what KubeSpawner takes with nothing sent."""
    untouched = form.untouched()
    default = next(p["slug"] for p in profiles if p.get("default"))
    if untouched.get("profile") != default:
        report.lint("default", "profiles", f"a browser preselects {untouched.get('profile')!r}, KubeSpawner's default is {default!r}")
    for i, profile in enumerate(profiles):
        slug = profile["slug"]
        fields = [name for name in untouched if name.startswith(f"profile-option-{slug}--") and untouched[name] != "unlisted-choice"]
        if any(not option.get("choices") for option in (profile.get("profile_options") or {}).values()):
            report.lint("no-default", f"profile {i} ({slug})", "an option has no choices: REST spawns and an untouched form fail")
            continue
        try:
            _, sent = await submit(config, {"profile": [slug], **{name: [untouched[name]] for name in fields}}, [])
            _, bare = await submit(config, {"profile": [slug]}, [])
        except Exception as error:
            raise Reject(f"{slug} with default choices: {describe(error)}")
        if sent["spec"] != bare["spec"]:
            report.lint("default", f"profile {i} ({slug})", "the choices a browser preselects are not KubeSpawner's defaults")
    try:
        await submit(config, {}, [])
    except Exception as error:
        raise Reject(f"a spawn without options fails: {describe(error)}")


async def simulate(config, html_path, report):
    base = make_spawner(config, [])
    raw = base.profile_list
    if not raw:
        raise Reject("singleuser.profileList is missing or empty: there would be no form")
    try:
        page = await base.get_options_form() if callable(base.options_form) else base.options_form
    except Exception as error:
        raise Reject(f"the options form does not render: {describe(error)}")
    if html_path:
        with open(html_path, "w") as file:
            file.write(page)
    listed = [raw[k] for k in sorted(raw)] if isinstance(raw, dict) else raw
    profiles = base._get_initialized_profile_list(listed)
    form = Form()
    form.feed(page)
    form.close()
    if form.problems:
        report.lint("html", "options form", "; ".join(form.problems[:3]))
    if len(form.radios) != len(profiles):
        raise Reject(f"the form shows {len(form.radios)} profiles, the list has {len(profiles)}")
    lint_profiles(listed, profiles, report)
    results = await submit_all(config, combinations(profiles, form, report), report)
    await submit_untouched(config, profiles, form, report)
    lint_pods(results, report)
    lint_replaced(base, results, report)
    return profiles, results


def lint_replaced(bare, results, report):
    """Lists of the hub that a profile replaces rather than adds to."""
    for _, slug, spawner, _ in results:
        for key, had in lists_of(bare):
            now = dict(lists_of(spawner)).get(key, [])
            lost = [x for x in had if x not in now]
            if lost:
                names = [x.get("name") or x.get("key") or "?" if isinstance(x, dict) else str(x) for x in lost]
                report.lint("replaced", slug, f"{key}: the profile's value replaces the hub's, losing {', '.join(map(str, names))}")


def lists_of(s):
    """The traits that are lists of objects, or dicts of them, with their objects."""
    out = []
    for k in ("volumes", "volume_mounts", "init_containers", "extra_containers", "tolerations",
              "node_affinity_required", "node_affinity_preferred", "pod_affinity_required",
              "pod_affinity_preferred", "pod_anti_affinity_required", "pod_anti_affinity_preferred",
              "image_pull_secrets", "supplemental_gids"):
        v = getattr(s, k)
        if not callable(v):
            out.append((k, list(v.values()) if isinstance(v, dict) else list(v or [])))
    return out


def unlisted_sample(uc, where, key):
    rx = uc.get("validation_regex")
    if not rx:
        return "example.org/custom/image:1.0"
    try:
        re.compile(rx)
    except re.error as e:
        raise Reject(f"{where}: option {key!r}: validation_regex {rx!r}: {e}")
    try:
        return regex_sample(rx) or None
    except Exception:
        return None


def check_manifest(configmap, report):
    """What Flux does with the ConfigMap on its way to the hub."""
    manifest, text, _ = configmap
    labels = manifest["metadata"].get("labels") or {}
    if labels.get("reconcile.fluxcd.io/watch") != "Enabled":
        report.lint("flux-watch", "metadata.labels", "no reconcile.fluxcd.io/watch: Enabled; Flux waits for its interval")
    annotations = manifest["metadata"].get("annotations") or {}
    found = re.search(r"\$\{[^}]*\}?", text)
    if found and annotations.get("kustomize.toolkit.fluxcd.io/substitute") != "disabled":
        report.lint("flux-substitute", "values.yaml", f"{found[0]!r} would be replaced by a Flux Kustomization with postBuild")


def drive(args, report):
    values = {}
    for path in args.defaults:
        with open(path) as file:
            values = merge(values, read_values(file.read(), path))
    configmap = read_configmap(args.configmap, "values.yaml")
    check_manifest(configmap, report)
    values = merge(values, read_values(configmap[1], "values.yaml", report))
    profiles, results = asyncio.run(simulate(builtin_config(values), args.html, report))
    if args.json:
        pods = [{"submission": label, "profile": slug, "image": pod["spec"]["containers"][0]["image"]} for label, slug, _, pod in results]
        with open(args.json, "w") as file:
            json.dump(pods, file, indent=1)
    return profiles, results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("configmap")
    parser.add_argument("--defaults", action="append", default=[], help="values files below the ConfigMap: the chart's")
    parser.add_argument("--html", help="write the form here")
    parser.add_argument("--json", help="write submission and image of each pod here")
    args = parser.parse_args()
    report = Report()
    try:
        profiles, results = drive(args, report)
    except Reject as error:
        print(f"REJECTED: {args.configmap}: {error}")
        return 1
    lints = list(dict.fromkeys(report.lints))
    for code, where, text in lints:
        print(f"REJECTED [{code}] {where}: {text}")
    images = {pod["spec"]["containers"][0]["image"] for _, _, _, pod in results}
    default = next(p["slug"] for p in profiles if p.get("default"))
    print(f"{args.configmap}: {len(profiles)} profiles, {len(results)} submissions, {len(images)} images, default {default}")
    return 1 if lints else 0


if __name__ == "__main__":
    sys.exit(main())
