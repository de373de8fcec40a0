"""A catalogue in Markdown, as the forge reads it: no text of the program means anything, every link leads somewhere, every
row has all its cells, and where the same page stands beside it as HTML, both tell of the same packages in the same places.

    markdown.py FILE
"""

import pathlib
import sys
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

OURS = {"h1", "h2", "h3", "p", "a", "ul", "li", "code", "table", "thead", "tbody", "tr", "th", "td", "html", "head", "body"}


class Page(HTMLParser):
    """Tags, anchors, links, tables and lists of packages."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.rows = set(), [], [], []
        self.cards, self.heading, self.open = {}, "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        self.ids.extend(value for name, value in attributes if name == "id")
        self.links.extend(value for name, value in attributes if name == "href")
        if tag not in ("meta", "input", "br", "img"):
            self.open.append((tag, given.get("class") or ""))
        if tag == "h3":
            self.heading = ""
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "b" and self.inside("group") and self.open[-2][0] == "li":
            self.cards.setdefault(self.heading.strip(), []).append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        tags = [tag for tag, _ in self.open]
        if "h3" in tags and not self.inside("badge"):
            self.heading += text
        if "td" in tags or "th" in tags:
            self.rows[-1][-1] += text
        if tags[-1:] == ["b"] and self.inside("group") and tags[-2] == "li":
            self.cards[self.heading.strip()][-1] += text

    def inside(self, name):
        """Whether something around has this class."""
        return any(name in classes.split() for _, classes in self.open)


def index(page):
    """Package → the titles of the cards that have it, from the last table."""
    start = max(at for at, row in enumerate(page.rows) if row == ["Package", "Version", "By", "Where"])
    found = {}
    for name, _, _, where in page.rows[start + 1 :]:
        found.setdefault(name, set()).update([where] if where == "everywhere" else where.split(", "))
    return found


def main(file):
    wrong = []
    source = file.read_text(encoding="utf-8")
    page = Page(cmarkgfm.github_flavored_markdown_to_html(source, Options.CMARK_OPT_UNSAFE))
    for tag in sorted(page.tags - OURS):
        wrong.append(f"a text of the program became <{tag}>")
    for link in page.links:
        if link.startswith("#") and link[1:] not in page.ids:
            wrong.append(f"{link} does not lead anywhere")
        if not link.startswith(("#", "https://", "http://")):
            wrong.append(f"a link to {link}")
    if len(set(page.ids)) != len(page.ids):
        wrong.append("an anchor is there twice")
    lines = [line for line in source.splitlines() if line.startswith("| ")]
    if len(lines) != len(page.rows):
        wrong.append(f"{len(lines)} lines of tables are {len(page.rows)} rows")
    widths = {len(row) for row in page.rows}
    if not widths <= {3, 4}:
        wrong.append(f"rows of {sorted(widths)} cells")
    beside = file.with_suffix(".html")
    if beside.exists() and page.rows:
        cards = Page(beside.read_text(encoding="utf-8")).cards
        places = {}
        for title, names in cards.items():
            for name in names:
                places.setdefault(name, set()).add(title)
        told = index(page)
        if told.keys() != places.keys():
            wrong.append(f"only one of both pages has {sorted(told.keys() ^ places.keys())}")
        for name in told.keys() & places.keys():
            # A title may hold a comma; then its parts are compared.
            expected = {part for title in places[name] for part in title.split(", ")}
            if told[name] != {"everywhere"} and told[name] != expected:
                wrong.append(f"{name} is in {sorted(expected)}, and the table says {sorted(told[name])}")
    print("\n".join([*wrong, f"{len(page.rows)} rows of tables"]))
    return 1 if wrong else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
