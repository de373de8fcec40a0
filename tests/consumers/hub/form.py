"""The options form as a browser sees it, and text that a person could type into it."""

import html.parser
import re
import shutil
import subprocess


class Form(html.parser.HTMLParser):
    """The controls of the options form, as a browser would see them."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.radios, self.selects, self.texts = [], {}, {}
        self.select = self.option = None
        self.stack, self.problems = [], []

    VOID = {"input", "br", "img", "hr", "meta", "link"}

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if len(a) != len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        if tag not in self.VOID:
            self.stack.append(tag)
        if tag == "input" and a.get("type") == "radio" and a.get("name") == "profile":
            self.radios.append((a.get("value"), "checked" in a))
        elif tag == "select":
            self.select = self.selects.setdefault(a.get("name"), [])
        elif tag == "option" and self.select is not None:
            self.select.append([a.get("value"), "selected" in a, ""])
            self.option = self.select[-1]
        elif tag == "input" and "data-name" in a:
            self.texts[a["data-name"]] = a
            known = {"data-name", "id", "pattern", "title", "class"}
            if set(a) - known:
                self.problems.append(f"stray attributes {sorted(set(a) - known)} on {a['data-name']}: a quote leaked")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        if self.stack and self.stack[-1] == tag:
            self.stack.pop()
        elif tag not in self.VOID:
            self.problems.append(f"unbalanced </{tag}>")
            if tag in self.stack:
                while self.stack.pop() != tag:
                    pass
        if tag == "select":
            self.select = None
        if tag == "option":
            self.option = None

    def handle_data(self, data):
        if self.option is not None:
            self.option[2] += data

    def untouched(self):
        """name -> value which a browser submits when the user only presses Start."""
        out = {}
        checked = [v for v, c in self.radios if c]
        if checked:
            out["profile"] = checked[-1]  # the last checked radio of a group wins
        for name, options in self.selects.items():
            if options:
                chosen = [o[0] for o in options if o[1]]
                out[name] = chosen[-1] if chosen else options[0][0]
        return out


def regex_sample(pattern):
    """A string that the pattern matches, for the plain patterns people write."""
    try:
        from re import _constants as C, _parser as P
    except ImportError:  # Python < 3.11
        import sre_constants as C
        import sre_parse as P

    def cls(items):
        neg = any(op is C.NEGATE for op, _ in items)
        ok = set()
        for op, av in items:
            if op is C.LITERAL:
                ok.add(chr(av))
            elif op is C.RANGE:
                ok.update(map(chr, range(av[0], min(av[1], av[0] + 200) + 1)))
            elif op is C.CATEGORY:
                ok.update({C.CATEGORY_DIGIT: "0123456789", C.CATEGORY_WORD: "abc0_", C.CATEGORY_SPACE: " "}.get(av, "a"))
        pool = "abcdefghijklmnopqrstuvwxyz0123456789ABC-_./:@"
        return next((ch for ch in pool if (ch in ok) != neg), next(iter(ok), "a"))

    def gen(tree):
        out = ""
        for op, av in tree:
            if op is C.LITERAL:
                out += chr(av)
            elif op is C.NOT_LITERAL:
                out += "b" if chr(av) == "a" else "a"
            elif op is C.ANY:
                out += "a"
            elif op is C.IN:
                out += cls(av)
            elif op is C.BRANCH:
                out += gen(av[1][0])
            elif op is C.SUBPATTERN:
                out += gen(av[-1])
            elif op in (C.MAX_REPEAT, C.MIN_REPEAT) or op.name == "POSSESSIVE_REPEAT":
                out += gen(av[2]) * av[0]
        return out

    s = gen(P.parse(pattern))
    return s if re.match(pattern, s) and s else None


def browser_regex_error(rx):
    """What a browser says of <input pattern=rx>; None if fine or if there is no node to ask."""
    node = shutil.which("node")
    if not node:
        return None
    r = subprocess.run([node, "-e", "try { new RegExp('^(?:' + process.argv[1] + ')$', 'v') } "
                        "catch (e) { console.log(e.message.split(': ').pop()) }", rx], capture_output=True, text=True)
    return r.stdout.strip() or None
