//! What an entry writes, and what its choices write beside it, so that `KubeSpawner` makes of them what is meant.

use super::apply::without_cards;
use super::merge::{Merge, adds_nothing, join, patch, told_apart_by};
use super::settings::EXTENDED;
use super::{Hub, Located, MenuOption, Override, OverrideValue, Profile, Settings, TRAITS, Trait, TraitKind, objects, ordered_keys};

/// What an entry writes, for what its choices write beside it.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    hub: &'a Hub,
    entry: Settings,
    /// The entry's traits.
    pub traits: Vec<Override>,
    /// Lists that several drop-downs add to, with the keys of objects by their names.
    maps: Vec<(&'static str, Vec<(String, String)>)>,
}

impl Hub {
    /// What an entry writes, with the hub's defaults.
    #[must_use]
    pub fn written(&self, profile: &Profile) -> Written<'_> {
        let entry = self.entry(profile);
        let mut traits = entry.traits(self);
        let several = self.added_to_by_several(profile).into_iter().filter(|name| is_of_objects(name));
        let maps: Vec<_> = several.map(|name| (name, keys(name, &traits, profile))).collect();
        as_maps(&mut traits, &maps);
        Written { hub: self, entry, traits, maps }
    }

    /// The lists to which several drop-downs of an entry add. Objects are written as maps: a map joins a map, where a list would take
    /// the place of the other one's. Secrets of registries are the entry's.
    #[must_use]
    pub fn added_to_by_several(&self, profile: &Profile) -> Vec<&'static str> {
        let chart = self.chart.value;
        // Volumes are maps anyway where the chart has maps, and a list of an entry there takes the place of the chart's.
        let is_map = |name: &str| chart.merges_volumes() && matches!(name, "volumes" | "volume_mounts");
        let grows = |known: &&Trait| match known.kind {
            TraitKind::Objects => {
                chart.takes_maps() && !is_map(known.name) && matches!(Merge::of(known.name), Merge::Grow | Merge::Objects(_))
            }
            kind => kind == TraitKind::PullSecrets,
        };
        let several = |known: &&Trait| {
            let all: Vec<_> = profile.options.iter().map(|option| values(option, known.name)).filter(|own| !own.is_empty()).collect();
            let plain = |value: &&OverrideValue| matches!(value, OverrideValue::List(_) | OverrideValue::Map(_)) && !value.begins_anew();
            all.len() > 1 && all.iter().flatten().all(plain)
        };
        TRAITS.iter().filter(grows).filter(several).map(|known| known.name).collect()
    }
}

impl Written<'_> {
    /// The traits that a choice sets: lists hold the entry's items as well, and a thing that takes the place of one of the same name
    /// leaves nothing of it behind.
    #[must_use]
    pub fn beside(&self, settings: &Settings) -> Vec<Override> {
        if *settings == Settings::default() {
            return Vec::new();
        }
        let mut all = settings.traits_over(&self.entry, self.hub);
        as_maps(&mut all, &self.maps);
        all.retain_mut(|own| {
            let name = own.name.value.as_str();
            let Some(entry) = self.traits.iter().find(|known| known.name.value == name).filter(|_| !settings.begins_anew(name)) else {
                return true;
            };
            own.value = match (Merge::of(name), &entry.value.value, &own.value.value) {
                (_, OverrideValue::Null, _) | (_, _, OverrideValue::Null) => return true,
                (Merge::Grow | Merge::Objects(_), OverrideValue::List(_), _) => join(name, &entry.value, &own.value),
                (_, old, new) => Located::new(patch(name, old, new), own.value.place),
            };
            !(Merge::of(name) == Merge::Grow && adds_nothing(&entry.value.value, &own.value.value))
        });
        if let Some(place) = settings.cards() {
            for name in EXTENDED {
                without_cards(&mut all, &self.traits, name, place);
            }
        }
        all
    }
}

/// Whether a trait is a list of objects, which may be a map.
fn is_of_objects(name: &str) -> bool {
    TRAITS.iter().any(|known| known.name == name && known.kind == TraitKind::Objects)
}

/// What the choices and the free text of a drop-down say of a trait.
fn values<'a>(option: &'a MenuOption, name: &str) -> Vec<&'a OverrideValue> {
    let own = option.settings().flat_map(|settings| &settings.overrides).filter(|one| one.name.value == name);
    own.map(|one| &one.value.value).collect()
}

/// The names of the objects of an entry and its choices, with keys whose sorted order, in which `KubeSpawner` takes them, is the
/// written one.
fn keys(name: &str, entry: &[Override], profile: &Profile) -> Vec<(String, String)> {
    let Merge::Objects(field) = Merge::of(name) else { return Vec::new() };
    let own = entry.iter().filter(|one| one.name.value == name).map(|one| &one.value.value);
    let mut names: Vec<&str> = Vec::new();
    for value in own.chain(profile.options.iter().flat_map(|option| values(option, name))) {
        for item in objects(value) {
            let name = told_apart_by(field, item).unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let keys = ordered_keys(&names);
    names.into_iter().map(str::to_owned).zip(keys).collect()
}

/// Writes lists as maps. Objects without names get keys that are made of what is in them: equal ones are one.
fn as_maps(traits: &mut [Override], maps: &[(&str, Vec<(String, String)>)]) {
    for one in traits {
        let Some((name, keys)) = maps.iter().find(|(name, _)| *name == one.name.value) else { continue };
        let OverrideValue::List(items) = &one.value.value else { continue };
        let key = |item: &Located<OverrideValue>| {
            let Merge::Objects(field) = Merge::of(name) else { return leaves(&item.value).join("-") };
            let own = told_apart_by(field, item).unwrap_or_default();
            keys.iter().find(|(name, _)| name == own).map_or_else(|| own.to_owned(), |(_, key)| key.clone())
        };
        one.value.value = OverrideValue::Map(items.iter().map(|item| (Located::new(key(item), item.place), item.clone())).collect());
    }
}

/// The texts in a value, by the names of their fields.
fn leaves(value: &OverrideValue) -> Vec<String> {
    match value {
        OverrideValue::List(items) => items.iter().flat_map(|item| leaves(&item.value)).collect(),
        OverrideValue::Map(fields) => {
            let mut fields: Vec<_> = fields.iter().map(|(name, item)| (&name.value, leaves(&item.value))).collect();
            fields.sort();
            fields.into_iter().flat_map(|(_, texts)| texts).collect()
        }
        OverrideValue::Text(text) | OverrideValue::Decimal(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{choice, hub, list, map, option, profile, text, value, with, words};
    use super::*;

    /// What the pod has in a trait, as text, with the last choice of each option.
    fn pod(hub: &Hub, name: &str) -> String {
        let pods = hub.pods(&hub.menu[0]);
        pods.last().and_then(|pod| pod.get(name)).map(|one| one.value.value.to_string()).unwrap_or_default()
    }

    fn tolerates(key: &str) -> Located<OverrideValue> {
        map(&[("key", words(key)), ("operator", words("Exists"))])
    }

    fn drop_down(key: &str, own: Settings) -> MenuOption {
        option(key, vec![choice("usual", Settings::default()), choice(key, own)])
    }

    #[test]
    fn tolerations_of_two_drop_downs_are_added() {
        let own = |key: &str| with("tolerations", list(&[tolerates(key)]));
        let options = vec![drop_down("card", own("card")), drop_down("size", own("size"))];
        let there = pod(&hub(vec![Profile { settings: own("entry"), options, ..profile("Lab") }]), "tolerations");
        for key in ["hub.jupyter.org/dedicated", "entry", "card", "size"] {
            assert_eq!(there.matches(&format!("key = \"{key}\"")).count(), 1, "{key}: {there}");
        }
    }

    #[test]
    fn what_an_entry_took_from_the_chart_does_not_come_back_with_a_choice() {
        let none = || value(OverrideValue::Null);
        for name in ["tolerations", "node_affinity_preferred"] {
            let one = |key: &str| with(name, list(&[tolerates(key)]));
            let entry = with(name, list(&[none(), tolerates("entry")]));
            for options in [vec![drop_down("card", one("card"))], vec![drop_down("card", one("card")), drop_down("size", one("size"))]] {
                let count = options.len() + 1;
                let hub = hub(vec![Profile { settings: entry.clone(), options, ..profile("Lab") }]);
                let there = pod(&hub, name);
                assert!(!there.contains("hub.jupyter.org") && there.matches("= \"Exists\"").count() == count, "{there}");
            }
        }
    }

    #[test]
    fn containers_of_two_drop_downs_are_added_in_the_written_order() {
        let container = |name: &str, image: &str| map(&[("name", words(name)), ("image", words(image))]);
        for trait_name in ["init_containers", "extra_containers"] {
            let own = |all: &[Located<OverrideValue>]| with(trait_name, list(all));
            let last = map(&[("name", words("z")), ("command", list(&[words("x")]))]);
            let options = vec![drop_down("card", own(&[container("m", "i")])), drop_down("size", own(&[last, container("a", "i")]))];
            let hub = hub(vec![Profile { settings: own(&[container("z", "i"), container("b", "i")]), options, ..profile("Lab") }]);
            let pods = hub.pods(&hub.menu[0]);
            let Some(OverrideValue::Map(fields)) = pods.last().and_then(|pod| pod.get(trait_name)).map(|one| &one.value.value) else {
                panic!("no map");
            };
            let mut there: Vec<_> = fields.iter().map(|(key, item)| (key.value.as_str(), item.value.to_string())).collect();
            there.sort();
            let keys: Vec<_> = there.iter().map(|(key, _)| *key).collect();
            assert_eq!(keys, ["01-z", "02-b", "03-m", "04-a"]);
            assert!(!there[0].1.contains("image"), "a container that takes the place of another one is it: {}", there[0].1);
        }
    }

    #[test]
    fn volumes_of_two_drop_downs_are_added_whatever_the_entry_has_taken_away() {
        let volume = |name: &str| map(&[("name", words(name)), ("emptyDir", map(&[]))]);
        let own = |name: &str| with("volumes", list(&[volume(name)]));
        for (entry, count) in [(own("entry"), 4), (with("volumes", list(&[value(OverrideValue::Null), volume("entry")])), 3)] {
            for (minor, lost) in [(4, 0), (0, 1)] {
                let options = vec![drop_down("a", own("one")), drop_down("b", own("two"))];
                let mut hub = hub(vec![Profile { settings: entry.clone(), options, ..profile("Lab") }]);
                hub.chart.value.minor = minor;
                let there = pod(&hub, "volumes");
                // A chart without maps loses its own volume to any list: another finding says so.
                assert_eq!(there.matches("name = ").count(), if count == 4 { count - lost } else { count }, "{there}");
            }
        }
    }

    #[test]
    fn pull_secrets_of_two_drop_downs_are_the_entrys() {
        let own = |name: &str| with("image_pull_secrets", list(&[words(name)]));
        let mut hub = hub(vec![Profile { options: vec![drop_down("a", own("one")), drop_down("b", own("two"))], ..profile("Lab") }]);
        hub.pull_secrets = vec![text("hub")];
        for pod in hub.pods(&hub.menu[0]) {
            let there = pod.get("image_pull_secrets").map(|one| one.value.value.to_string()).unwrap_or_default();
            assert_eq!(there, "[\"hub\", \"one\", \"two\"]");
        }
    }
}
