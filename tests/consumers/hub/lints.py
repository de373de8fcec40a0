"""Mistakes in a profile list that KubeSpawner swallows without a word."""

import json
import re

from form import browser_regex_error
from spawner import DNS_LABEL

# `allowed_groups` is for hubs that filter the list by groups before KubeSpawner gets it, as 2i2c's basehub does.
PROFILE_KEYS = {"allowed_groups", "display_name", "description", "slug", "default", "kubespawner_override", "profile_options"}
OPTION_KEYS = {"display_name", "choices", "unlisted_choice"}
CHOICE_KEYS = {"allowed_groups", "display_name", "default", "kubespawner_override"}
UNLISTED_KEYS = {"allowed_groups", "enabled", "display_name", "display_name_in_choices", "validation_regex",
                 "validation_message", "kubespawner_override"}

# Read in KubeSpawner.__init__ only.
FIXED_EARLY = {"pvc_name_template", "pod_name_template", "secret_name_template", "dns_name_template",
               "user_namespace_template", "enable_user_namespaces", "profile_list", "options_form",
               "options_from_form", "profile_form_template", "additional_profile_form_template_paths"}


def lint_profiles(raw, profiles, report):
    from kubespawner import KubeSpawner

    traits = KubeSpawner.class_traits(config=True)
    deprecated = KubeSpawner._deprecated_traits

    def keys(d, known, where):
        for k in d:
            if k not in known:
                report.lint("unknown-key", where, f"{k!r} is not a key KubeSpawner reads here")

    def override(o, where, unlisted=False):
        if not isinstance(o, dict):
            return
        for k, v in o.items():
            if k in deprecated:
                report.lint("deprecated", where, f"{k!r} is deprecated, use {deprecated[k][0]!r}")
            elif k not in traits:
                report.lint("unknown-trait", where, f"kubespawner_override {k!r} is no KubeSpawner setting: it is silently ignored")
            if k in FIXED_EARLY:
                report.lint("no-effect", where, f"{k} is read when the spawner is made, before profiles: overriding it does nothing")
        if unlisted and "{value}" not in json.dumps(o):
            report.lint("no-value", where, "unlisted_choice override does not use {value}")

    def texts(d, names, where):
        for n in names:
            v = d.get(n)
            if isinstance(v, str) and re.search(r"[<>]|&(?!\w+;|#\d+;)", v):
                report.lint("html", where, f"{n} is put into the form unescaped: {v!r}")
            elif v is not None and not isinstance(v, str):
                report.lint("text-type", where, f"{n} should be a string, is {v!r}")

    seen, defaults, pull_names = {}, [], {}
    for i, (r, p) in enumerate(zip(raw, profiles)):
        slug = p.get("slug")
        where = f"profile {i} ({slug})"
        keys(r, PROFILE_KEYS, where)
        texts(r, ("display_name", "description"), where)
        if "slug" not in r:
            report.lint("no-slug", where, "slug is made from display_name; renaming it breaks saved choices and links")
        if not isinstance(slug, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            report.lint("slug", where, f"slug {slug!r} should be [a-z0-9]+(-[a-z0-9]+)*")
        if slug in seen:
            report.lint("duplicate-slug", where, f"also the slug of profile {seen[slug]}: this one can never be chosen")
        seen.setdefault(slug, i)
        for d in [r, *(c for o in (r.get("profile_options") or {}).values() for c in ((o or {}).get("choices") or {}).values())]:
            if "default" in (d or {}) and not isinstance(d["default"], bool):
                report.lint("default-type", where, f"default should be true or false, is {d['default']!r}")
        if r.get("default"):
            defaults.append(slug)
        override(r.get("kubespawner_override"), where)
        for key, opt in (r.get("profile_options") or {}).items():
            w = f"{where}.{key}"
            keys(opt, OPTION_KEYS, w)
            texts(opt, ("display_name",), w)
            if "display_name" not in opt:
                report.lint("no-label", w, "no display_name: the form shows an empty label")
            if key == "profile":
                report.lint("reserved", w, "an option called 'profile' overwrites the chosen profile")
            if "--" in key:
                report.lint("reserved", w, "'--' in an option key confuses the form")
            choices = opt.get("choices") or {}
            if not choices and not (opt.get("unlisted_choice") or {}).get("enabled"):
                report.lint("no-choice", w, "nothing to choose from")
            d = [c for c, x in choices.items() if x.get("default")]
            if len(d) > 1:
                report.lint("defaults", w, f"several default choices: {d}")
            for ck, c in choices.items():
                cw = f"{w}.{ck}"
                keys(c, CHOICE_KEYS, cw)
                texts(c, ("display_name",), cw)
                if "display_name" not in c:
                    report.lint("no-label", cw, "no display_name: the form shows an empty entry")
                if ck == "unlisted-choice":
                    report.lint("reserved", cw, "'unlisted-choice' is the form's own word")
                if ck == "":
                    report.lint("reserved", cw, "an empty choice key counts as not chosen")
                override(c.get("kubespawner_override"), cw)
                if (c.get("kubespawner_override") or {}).get("image"):
                    n = f"image-pull-profile-{i}-option-{key}-{ck}"
                    if len(n) > 63 or not DNS_LABEL.match(n):
                        report.lint("prepuller-name", cw, f"the chart's image puller would get a container called {n!r} "
                                    f"({len(n)} characters), which Kubernetes refuses")
                    if n in pull_names:
                        report.lint("prepuller-name", cw, f"image puller container name {n!r} is also that of {pull_names[n]}")
                    pull_names[n] = cw
            uc = opt.get("unlisted_choice")
            if isinstance(uc, dict):
                keys(uc, UNLISTED_KEYS, f"{w}.unlisted_choice")
                texts(uc, ("display_name", "display_name_in_choices", "validation_message"), f"{w}.unlisted_choice")
                override(uc.get("kubespawner_override"), f"{w}.unlisted_choice", bool(uc.get("enabled")))
                rx = uc.get("validation_regex")
                if uc.get("enabled") and "display_name" not in uc:
                    report.lint("no-label", f"{w}.unlisted_choice", "no display_name: an empty label")
                if uc.get("enabled") and not rx:
                    report.lint("open-choice", f"{w}.unlisted_choice", "no validation_regex: any image is accepted")
                if isinstance(rx, str):
                    if '"' in rx or "&" in rx or "<" in rx:
                        report.lint("html", f"{w}.unlisted_choice", "validation_regex breaks the form's HTML attribute")
                    if not (rx.startswith("^") and rx.endswith("$")):
                        report.lint("regex-anchor", f"{w}.unlisted_choice",
                                    f"{rx!r} is not anchored ^...$: the server uses re.match and takes any tail")
                    why = browser_regex_error(rx)
                    if why:
                        report.lint("regex-browser", f"{w}.unlisted_choice", f"{rx!r} is no regex in a browser's "
                                    f"pattern= (v flag), so the form does not check it: {why}")
                    if rx.startswith("^") and rx.endswith("$") and "|" in re.sub(r"\(.*\)|\[.*?\]", "", rx):
                        report.lint("regex-anchor", f"{w}.unlisted_choice", f"{rx!r}: ^ and $ bind tighter than |")
    if len(defaults) > 1:
        report.lint("defaults", "profiles", f"several default profiles: {defaults}; KubeSpawner takes the first, a browser the last")
    if not defaults:
        report.lint("no-default", "profiles", "no default: the first profile is taken")
    for a in seen:
        for b in seen:
            if a != b and str(b).startswith(f"{a}--"):
                report.lint("slug", "profiles", f"form fields of {b!r} are read as fields of {a!r}")


def lint_pods(results, report):
    for label, slug, s, pod in results:
        img = pod["spec"]["containers"][0]["image"]
        tail = img.rsplit("/", 1)[-1]
        if ":" not in tail and "@" not in img:
            report.lint("untagged", label, f"image {img!r} has no tag or digest")
