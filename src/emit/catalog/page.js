"use strict";
// Everything is on the page already; this puts it wherever it belongs, folds it up, and shows what a search asks for.
(() => {
  const plain = (text) => text.toLowerCase().replace(/[-_.]+/g, "-").trim();
  const text = (node, part) => plain(node.querySelector(part)?.textContent ?? "");
  const all = (node, part) => [...node.querySelectorAll(part)];

  // What several cards share is written in the first of them.
  for (const node of all(document, "[data-same]")) {
    const shown = [...document.getElementById(node.dataset.same).children].slice(1);
    node.lastElementChild.replaceWith(...shown.map((one) => one.cloneNode(true)));
  }

  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const tree = document.getElementById("tree");
  const folds = all(document, "details");
  const sections = all(document, "section.cards").map((node) => ({
    node,
    noun: node.dataset.noun,
    cards: all(node, ".card").map((card) => ({
      node: card,
      title: `${text(card, "h3")} ${text(card, ".name")}`,
      contents: card.querySelector(".contents"),
      rows: all(card, ".group li").map((row) => ({
        node: row,
        // Other managers' names of the same software, too: "pytorch" finds torch.
        names: [text(row, "b"), ...(row.dataset.also ?? "").split(" ").filter(Boolean).map(plain)],
        version: text(row, ".version").replace(/^[^0-9]*/, ""),
      })),
      // Lists and layers hide with the last of their packages.
      blocks: all(card, ".level, .group").map((block) => ({ node: block, rows: all(block, ".group li") })),
    })),
  }));

  // Each word is a part of a name; a number behind it begins the version: "torch 2.5".
  const read = (words) => {
    const terms = [];
    for (const word of plain(words).split(/[\s,<>=~!]+/).filter(Boolean)) {
      const last = terms.at(-1);
      if (/^[0-9]/.test(word) && last && !last.version) last.version = word;
      else terms.push({ word, version: "" });
    }
    return terms;
  };
  const matches = (row, term) => row.names.some((name) => name.includes(term.word)) && row.version.startsWith(term.version);

  const search = () => {
    const terms = read(query.value);
    const searching = terms.length > 0;
    const counts = sections.map((section) => {
      const shown = section.cards.filter((card) => {
        const hits = card.rows.filter((row) => terms.some((term) => matches(row, term)));
        const fits = terms.every((term) => card.title.includes(term.word) || hits.some((row) => matches(row, term)));
        const narrow = fits && hits.length > 0;
        const kept = new Set(hits.map((row) => row.node));
        card.node.hidden = !fits;
        for (const row of card.rows) row.node.hidden = narrow && !kept.has(row.node);
        for (const block of card.blocks) block.node.hidden = narrow && block.rows.every((row) => row.hidden);
        if (card.contents) card.contents.open = narrow;
        return fits;
      }).length;
      section.node.hidden = shown === 0;
      const total = section.cards.length;
      return `${searching ? `${shown} of ` : ""}${total} ${section.noun}${total === 1 ? "" : "s"}`;
    });
    if (tree) tree.hidden = searching;
    found.textContent = counts.join(", ");
  };

  // The address leads back to what was found, where the browser lets it.
  const remember = () => {
    try { history.replaceState(null, "", query.value ? `#q=${encodeURIComponent(query.value)}` : "#"); } catch { /* It stays. */ }
  };

  const fold = (open) => folds.forEach((one) => { one.open = open; });
  const follow = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (name.startsWith("q=")) {
      query.value = name.slice(2);
      search();
    } else if (name) {
      const place = document.getElementById(name);
      if (place) [place.closest("details"), ...all(place, "details")].forEach((one) => { if (one) one.open = true; });
    }
  };

  fold(false);
  document.querySelector(".search").hidden = false;
  query.addEventListener("input", () => { search(); remember(); });
  search();
  follow();
  addEventListener("hashchange", follow);
  let open = [];
  addEventListener("beforeprint", () => { open = folds.filter((one) => one.open); fold(true); });
  addEventListener("afterprint", () => { fold(false); open.forEach((one) => { one.open = true; }); });
})();
