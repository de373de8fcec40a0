//! The page for browsers: one file that loads nothing, reads well without its script, and escapes every text.

use super::page::{Card, Group, Level, Node, Offer, Page, Row, Section};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

const HEAD: &str = concat!(
    r#"<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; "#,
    r#"style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>{}</title>
<style>
"#
);

const TOP: &str = concat!(
    r#"</style>
</head>
<body>
<header class="top">
<h1>{}</h1>
<p class="quiet">Each layer is listed with the packages that it asks for, and the versions that it allows. "#,
    "What those bring along is not listed."
);

const SEARCH: &str = r#"</p>
</header>
<div class="search" role="search" hidden>
<label for="query">Which {} has …?</label>
<input id="query" type="search" placeholder="gdal, torch 2.5 …" autocomplete="off" autocapitalize="off" spellcheck="false">
<p id="found" class="quiet" role="status"></p>
</div>
<main>
"#;

/// A page as far as it is written.
struct Html(String);

/// The page.
pub(super) fn write(page: &Page) -> String {
    let mut html = Html("<!doctype html>\n<!-- ".to_owned());
    // A comment ends where `>` stands; nothing else is special in it.
    html.0.push_str(&page.mark.replace('>', "&gt;"));
    html.add(" -->\n", &[]);
    html.add(HEAD, &[&page.title]);
    html.0.push_str(STYLE);
    html.add(TOP, &[&page.title]);
    if let Some(source) = &page.source {
        html.add(" Compiled from <a href=\"{}\">{}</a>.", &[source, source]);
    }
    html.add(SEARCH, &[page.sections.first().map_or("environment", |section| section.noun)]);
    page.sections.iter().for_each(|section| html.section(section));
    if !page.tree.is_empty() {
        html.add("<section id=\"tree\">\n<h2>What stands on what</h2>\n<ul class=\"tree\">\n", &[]);
        page.tree.iter().for_each(|node| html.node(node));
        html.add("</ul>\n</section>\n", &[]);
    }
    html.add("</main>\n<script>\n", &[]);
    html.0.push_str(SCRIPT);
    html.add("</script>\n</body>\n</html>\n", &[]);
    html.0
}

impl Html {
    /// Adds words of our own, with texts in the places of `{}`: they are escaped, wherever that is.
    fn add(&mut self, own: &'static str, texts: &[&str]) {
        let mut texts = texts.iter();
        for (at, piece) in own.split("{}").enumerate() {
            if at > 0 {
                escape(&mut self.0, texts.next().copied().unwrap_or_default());
            }
            self.0.push_str(piece);
        }
    }

    /// The same for each of some texts.
    fn each(&mut self, own: &'static str, texts: &[String]) {
        for text in texts {
            self.add(own, &[text]);
        }
    }

    /// The same where there is a text.
    fn maybe(&mut self, own: &'static str, text: &str) {
        if !text.is_empty() {
            self.add(own, &[text]);
        }
    }

    fn section(&mut self, section: &Section) {
        self.add("<section id=\"{}\" class=\"cards\" data-noun=\"{}\">\n", &[section.id, section.noun]);
        self.add("<h2>{} <span class=\"count\">{}</span></h2>\n", &[section.title, &section.cards.len().to_string()]);
        self.maybe("<p class=\"quiet\">{}</p>\n", section.note);
        section.cards.iter().for_each(|card| self.card(card));
        self.add("</section>\n", &[]);
    }

    fn card(&mut self, card: &Card) {
        self.add("<article id=\"{}\" class=\"card\" aria-labelledby=\"{}-title\">\n", &[&card.id, &card.id]);
        self.add("<h3 id=\"{}-title\"><a href=\"#{}\">{}</a>", &[&card.id, &card.id, &card.title]);
        for _ in card.offers.iter().filter(|offer| offer.default && offer.hubs.is_empty()) {
            self.add(" <span class=\"badge\">default</span>", &[]);
        }
        self.add("</h3>\n", &[]);
        if card.name != card.title {
            self.add("<p class=\"name\"><code>{}</code></p>\n", &[&card.name]);
        }
        self.each("<p>{}</p>\n", &card.about);
        if !card.axes.is_empty() {
            self.add("<ul class=\"facts\">\n", &[]);
            for axis in &card.axes {
                self.add("<li>{} <b>{}</b></li>\n", &[&axis.name, &axis.values.join(", ")]);
            }
            self.add("</ul>\n", &[]);
        }
        card.offers.iter().for_each(|offer| self.offer(offer));
        if card.levels.is_empty() {
            self.add("<p class=\"quiet\">Built elsewhere: what is inside is not known to the program.</p>\n", &[]);
        } else {
            self.add("<details class=\"contents\" open>\n<summary><h4>What is inside</h4> <span class=\"quiet\">", &[]);
            self.count(card.packages);
            if card.levels.len() > 1 {
                self.add(" in {} layers", &[&card.levels.len().to_string()]);
            }
            self.add("</span></summary>\n", &[]);
            card.levels.iter().for_each(|level| self.level(card, level));
            self.add("</details>\n", &[]);
        }
        self.overrides(card);
        self.images(card);
        self.add("</article>\n", &[]);
    }

    /// `1 package`, `2 packages`.
    fn count(&mut self, packages: usize) {
        self.add("{} package", &[&packages.to_string()]);
        self.add(if packages == 1 { "" } else { "s" }, &[]);
    }

    fn offer(&mut self, offer: &Offer) {
        if !(offer.hubs.is_empty() && offer.resources.is_empty() && offer.groups.is_empty()) {
            self.add("<ul class=\"facts\">\n", &[]);
            if !offer.hubs.is_empty() {
                self.add("<li>on <b>{}</b>", &[&offer.hubs.join(", ")]);
                self.badge(offer.default);
            }
            self.each("<li>{}</li>\n", &offer.resources);
            self.maybe("<li>for <b>{}</b></li>\n", &offer.groups.join(", "));
            self.add("</ul>\n", &[]);
        }
        for option in &offer.options {
            self.add("<div class=\"option\">\n<p>{}</p>\n<ul>\n", &[&option.title]);
            for choice in &option.choices {
                self.add("<li>{}", &[&choice.title]);
                self.maybe(" <span class=\"quiet\">{}</span>", &choice.notes.join(", "));
                self.badge(choice.default);
            }
            self.add("</ul>\n</div>\n", &[]);
        }
    }

    /// Ends an item, with a mark where it is the default.
    fn badge(&mut self, default: bool) {
        self.add(if default { " <span class=\"badge\">default</span></li>\n" } else { "</li>\n" }, &[]);
    }

    fn level(&mut self, card: &Card, level: &Level) {
        self.add(if level.existing { "<div class=\"level existing\"" } else { "<div class=\"level\"" }, &[]);
        let same = level.same.as_ref().map(|link| (link.id.as_deref().unwrap_or_default(), link.text.as_str()));
        match same {
            Some((id, _)) => self.add(" data-same=\"{}\">\n", &[id]),
            None => self.add(" id=\"{}-{}\">\n", &[&card.id, &level.id]),
        }
        self.add("<h5>{}", &[&level.name]);
        self.maybe(" <span class=\"only\">{}</span>", &level.only);
        self.add("</h5>\n", &[]);
        if let Some((id, text)) = same {
            self.add("<p class=\"quiet\"><a href=\"#{}\">The same as in {}</a></p>\n</div>\n", &[id, text]);
            return;
        }
        self.each("<p class=\"quiet\">{}</p>\n", &level.about);
        for (at, one) in level.references.iter().enumerate() {
            self.add("<p class=\"quiet\"><code>{}</code>", &[&one.name]);
            self.maybe(" <code class=\"digest\">{}</code>", one.digest.as_deref().unwrap_or_default());
            self.maybe(" <span class=\"only\">{}</span>", &one.only);
            self.maybe(" on {}", level.os.as_deref().filter(|_| at == 0).unwrap_or_default());
            self.add("</p>\n", &[]);
        }
        level.groups.iter().for_each(|group| self.group(group));
        match (level.groups.is_empty(), level.existing) {
            (false, _) => {}
            (true, true) => self.add("<p class=\"quiet\">What is inside is not known to the program.</p>\n", &[]),
            (true, false) => self.add("<p class=\"quiet\">No packages of its own.</p>\n", &[]),
        }
        self.add("</div>\n", &[]);
    }

    fn group(&mut self, group: &Group) {
        self.add("<div class=\"group\">\n<p class=\"manager\"><b>{}</b>", &[&group.manager]);
        self.maybe(" <em class=\"only\">{}</em>", &group.only);
        self.each(" <span>{}</span>", &group.notes);
        self.add("</p>\n<ul>\n", &[]);
        group.rows.iter().for_each(|row| self.row(row));
        self.add("</ul>\n</div>\n", &[]);
    }

    fn row(&mut self, row: &Row) {
        self.add(if row.long { "<li class=\"long\"" } else { "<li" }, &[]);
        self.maybe(" data-also=\"{}\"", &row.also.join(" "));
        self.add(if row.replaced { "><s><b>{}</b>" } else { "><b>{}</b>" }, &[&row.name]);
        self.maybe(" <span class=\"version\">{}</span>", &row.version);
        self.add(if row.replaced { "</s> <span class=\"mark\">replaced above</span>" } else { "" }, &[]);
        self.each(" <span class=\"mark\">{}</span>", &row.marks);
        self.maybe(" <span class=\"only\">{}</span>", &row.only);
        self.maybe(" <span class=\"because\">{}</span>", row.because.as_deref().unwrap_or_default());
        self.add("</li>\n", &[]);
    }

    fn overrides(&mut self, card: &Card) {
        if card.overrides.is_empty() {
            return;
        }
        let version = |version: &str| if version.is_empty() { "any version".to_owned() } else { version.to_owned() };
        self.add("<details class=\"fold\" open>\n<summary><h4>What it replaces</h4> <span class=\"quiet\">", &[]);
        self.count(card.overrides.len());
        self.add("</span></summary>\n<ul class=\"overrides\">\n", &[]);
        for one in &card.overrides {
            self.add("<li><b>{}</b> <span class=\"version\">{}</span> by {}", &[&one.name, &version(&one.version), &one.by]);
            for (at, before) in one.before.iter().enumerate() {
                self.add(if at == 0 { ", in place of " } else { ", " }, &[]);
                self.add("<span class=\"version\">{}</span> of {}", &[&version(&before.version), &before.by]);
            }
            self.maybe(" <span class=\"because\">{}</span>", one.because.as_deref().unwrap_or_default());
            self.add("</li>\n", &[]);
        }
        self.add("</ul>\n</details>\n", &[]);
    }

    fn images(&mut self, card: &Card) {
        let count = card.images.len();
        match count {
            0 => return,
            1 => self.add("<details class=\"fold\" open>\n<summary><h4>Image and tags</h4>", &[]),
            _ => {
                self.add("<details class=\"fold\" open>\n<summary><h4>Images and tags</h4> <span class=\"quiet\">", &[]);
                self.add("{}</span>", &[&count.to_string()]);
            }
        }
        self.add("</summary>\n<ul class=\"images\">\n", &[]);
        for image in &card.images {
            self.add("<li>", &[]);
            self.maybe("<b>{}</b> ", &image.name);
            self.add("<code>{}</code>", &[&image.reference]);
            self.maybe(" <span class=\"quiet\">{}</span>", &image.platforms.join(", "));
            self.add(if image.tags.is_empty() { "" } else { "<br><span class=\"quiet\">tags</span>" }, &[]);
            self.each(" <code class=\"tag\">{}</code>", &image.tags);
            self.add("</li>\n", &[]);
        }
        self.add("</ul>\n</details>\n", &[]);
    }

    fn node(&mut self, node: &Node) {
        self.add(
            if node.existing { "<li><span class=\"node existing\"><b>{}</b>" } else { "<li><span class=\"node\"><b>{}</b>" },
            &[&node.name],
        );
        self.each(if node.existing { " <code>{}</code>" } else { " <span class=\"only\">{}</span>" }, &node.notes);
        for card in &node.cards {
            let text = if card.text == node.name { "its contents" } else { &card.text };
            self.add(" <a href=\"#{}\">{}</a>", &[card.id.as_deref().unwrap_or_default(), text]);
        }
        self.add(if node.opens { "</span><ul>\n" } else { "</span></li>" }, &[]);
        if !node.opens {
            (0..node.closes).for_each(|_| self.add("</ul></li>", &[]));
            self.add("\n", &[]);
        }
    }
}

/// A text as HTML shows it, within an element or within quotes.
fn escape(out: &mut String, text: &str) {
    for part in text.split_inclusive(['&', '<', '>', '"', '\'']) {
        let entity = match part.as_bytes().last() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            Some(b'\'') => "&#39;",
            _ => "",
        };
        out.push_str(if entity.is_empty() { part } else { part.get(..part.len() - 1).unwrap_or_default() });
        out.push_str(entity);
    }
}
