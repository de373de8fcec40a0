//! Images that the steps of a definition take files from: they are built before it, wherever they are written.

use super::super::context::Context;
use crate::analyse::definitions::{Def, DefId, UnitId};
use crate::syntax::ast::{Block, Keyword, Part, Phrase, Statement, Value};

/// The layers and environments behind `copy … from` and `tool … from`, in the order of their use; those of included fragments as well.
pub(super) fn taken(cx: &Context<'_>, def: Def<'_>) -> Vec<DefId> {
    let mut walk = Walk { cx, found: Vec::new(), fragments: Vec::new() };
    walk.block(def.unit, &def.node.body);
    walk.found
}

struct Walk<'c, 'a> {
    cx: &'c Context<'a>,
    found: Vec<DefId>,
    fragments: Vec<DefId>,
}

impl Walk<'_, '_> {
    fn block(&mut self, unit: UnitId, block: &Block) {
        for statement in &block.statements {
            match statement {
                Statement::When(when) => self.block(unit, &when.body),
                Statement::Phrase(phrase) => self.phrase(unit, phrase),
                Statement::Field(_) | Statement::List(_) | Statement::From(_) => {}
            }
        }
    }

    fn phrase(&mut self, unit: UnitId, phrase: &Phrase) {
        match phrase.head.as_ref().map(|head| head.node.as_str()) {
            Some("copy" | "tool") => {
                let mut parts = phrase.parts.iter().skip_while(|part| !matches!(part, Part::Word(word) if word.node == "from")).skip(1);
                self.image(unit, parts.next().and_then(name));
            }
            Some("include") => self.fragment(unit, phrase.parts.first().and_then(name)),
            _ => {}
        }
        for part in &phrase.parts {
            if let Part::Block(block) = part {
                self.block(unit, block);
            }
        }
    }

    fn image(&mut self, unit: UnitId, name: Option<&str>) {
        let Some(id) = name.and_then(|name| self.cx.find(unit, name)) else { return };
        let built = |def: Def<'_>| matches!(def.node.keyword.node, Keyword::Layer | Keyword::Environment);
        if self.cx.names.get(id).is_some_and(built) && !self.found.contains(&id) {
            self.found.push(id);
        }
    }

    fn fragment(&mut self, unit: UnitId, name: Option<&str>) {
        let Some(id) = name.and_then(|name| self.cx.find(unit, name)).filter(|id| !self.fragments.contains(id)) else { return };
        self.fragments.push(id);
        if let Some(def) = self.cx.names.get(id).filter(|def| def.node.keyword.node == Keyword::Fragment) {
            self.block(def.unit, &def.node.body);
        }
    }
}

fn name(part: &Part) -> Option<&str> {
    match part {
        Part::Word(word) => Some(&word.node),
        Part::Value(Value::Reference(reference)) => Some(&reference.path.node),
        _ => None,
    }
}
