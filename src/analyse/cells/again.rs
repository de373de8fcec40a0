//! J0504: an axis that the layer below has already.

use crate::analyse::axes::{self, Axis, Domain};
use crate::analyse::context::Context;
use crate::base::{Place, Span};
use crate::diagnostics::Diagnostic;

/// The finding for an axis that is there already: the values that it has may be narrowed down.
pub(super) fn again(cx: &Context<'_>, axis: &Axis<'_>, below: &Domain, first: Place) -> Diagnostic {
    let known: Vec<&str> = below.1.iter().map(|value| &**value).collect();
    let finding = axes::twice(axis, first);
    let part = axis.values.iter().all(|value| known.contains(&&*value.text));
    let Some(statement) = statement(cx, axis.origin).filter(|_| !axis.values.is_empty()) else { return finding };
    if !part {
        let known: Vec<String> = known.iter().map(|value| format!("`{value}`")).collect();
        return finding.help(format!("pick from the values that it has: {}", known.join(", ")));
    }
    let values: Vec<&str> = axis.values.iter().map(|value| &*value.text).collect();
    let values = if let [one] = values.as_slice() { (*one).to_owned() } else { format!("[{}]", values.join(", ")) };
    let written = format!("only {{ {} = {values} }}", axis.name);
    finding.replace(format!("write `{written}` for a part of its values"), false, statement, written.clone())
}

/// The statement `matrix NAME = [ … ]` of the axis whose name is at a place.
fn statement(cx: &Context<'_>, name: Place) -> Option<Place> {
    let text = &cx.sources.get(name.file)?.text;
    let start = text.get(..name.span.start as usize)?.trim_end().strip_suffix("matrix")?.len();
    let rest = text.get(name.span.end as usize..)?;
    let end = rest.find(']')? + 1;
    let plain = !rest.get(..end)?.contains(['{', '}', '#']) && !rest.get(end..)?.trim_start_matches(' ').starts_with("default");
    plain.then(|| Place { span: Span::new(start, name.span.end as usize + end), ..name })
}
