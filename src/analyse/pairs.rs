//! Names and values as other tools list them.

use super::instructions::pair;
use crate::base::Span;
use crate::syntax::ast::{List, Value};

/// `[{ name = "A"  value = "b" }]`, as Kubernetes lists variables, and `["A=b"]`, as Docker does: `A = "b"`.
pub(super) fn named_values<'t>(list: &List, text: &dyn Fn(Span) -> &'t str) -> Option<String> {
    let one = |item: &Value| match item {
        Value::Map(map) => {
            let part = |key: &str| map.fields.iter().find(|field| field.key.text == key).map(|field| text(field.value.span()));
            Some(format!("{} = {}", part("name")?.trim_matches(['"', '\'']), part("value")?))
        }
        Value::Text(literal) => literal.literal()?.split_once('=').and_then(|(name, value)| pair(name.trim(), value.trim())),
        _ => None,
    };
    list.items.iter().map(one).collect::<Option<Vec<_>>>().filter(|pairs| !pairs.is_empty()).map(|pairs| pairs.join("  "))
}

/// `c.KubeSpawner.mem_limit` is `mem_limit`.
pub(super) fn plain_trait(key: &str) -> &str {
    let traits = key.strip_prefix("c.").and_then(|rest| rest.split_once('.'));
    traits.map_or(key, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_are_without_their_class() {
        assert_eq!(plain_trait("c.KubeSpawner.mem_limit"), "mem_limit");
        assert_eq!(plain_trait("c.d"), "c.d");
    }
}
