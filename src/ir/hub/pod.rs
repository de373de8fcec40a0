//! The pod that an entry starts: what the chart sets, then the entry, then a choice of each drop-down, as `KubeSpawner` puts them
//! together.

use std::rc::Rc;

use super::definition::Hub;
use super::{Chart, Choice, Located, MenuImage, MenuOption, Override, OverrideValue, Profile, Settings, objects};
use crate::base::Place;

/// How many combinations of choices are looked at one by one; beyond, the default ones and each choice beside them.
const MOST: usize = 256;
/// The trait of secrets for registries.
const SECRETS: &str = "image_pull_secrets";

/// The pod of one combination of choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pod<'a> {
    /// The choice of each drop-down, in order, with the key of the drop-down.
    pub choices: Vec<(&'a str, &'a Choice)>,
    /// The image; `None` where it is the hub's own.
    pub image: Option<&'a Located<MenuImage>>,
    /// Every trait that is set. Where the chart sets it, the place is that of the hub's `chart`.
    pub traits: Rc<Vec<Override>>,
}

impl Pod<'_> {
    /// The trait of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Override> {
        self.traits.iter().find(|one| one.name.value == name)
    }

    /// The paths at which volumes are mounted, with the place of each mount.
    #[must_use]
    pub fn mounts(&self) -> Vec<(&str, Place)> {
        let mounts = self.get("volume_mounts").into_iter().flat_map(|mounts| objects(&mounts.value.value));
        mounts.filter_map(|item| Some((item.value.get("mountPath")?.value.as_text()?.trim_end_matches('/'), item.place))).collect()
    }
}

impl Hub {
    /// The pods of an entry: one for each combination of choices.
    #[must_use]
    pub fn pods<'a>(&self, profile: &'a Profile) -> Vec<Pod<'a>> {
        let entry = self.written(profile);
        let mut base = self.chart.value.sets(self.home(), self.chart.place);
        apply(&mut base, &entry.traits);
        let base = Rc::new(base);
        let pod = |choices: Vec<(&'a str, &'a Choice)>| {
            let mut traits = Rc::clone(&base);
            for (_, choice) in &choices {
                let own = entry.beside(&choice.settings);
                if !own.is_empty() {
                    apply(Rc::make_mut(&mut traits), &own);
                }
            }
            let image = choices.iter().filter_map(|(_, choice)| choice.image.as_ref()).next_back().or(profile.image.as_ref());
            Pod { choices, image, traits }
        };
        combinations(profile).into_iter().map(pod).collect()
    }

    /// What an entry sets, with the hub's defaults, and with the pull secrets of the hub where the entry or a choice has some, which
    /// would take their place. Pull secrets of several drop-downs are the entry's: of two lists the pod would have one, and a secret
    /// that an image does not need is not used.
    #[must_use]
    pub fn entry(&self, profile: &Profile) -> Settings {
        let mut entry = profile.settings.over(&self.defaults);
        let narrower = profile.options.iter().flat_map(MenuOption::settings);
        entry.variables_as_objects(&narrower.flat_map(Settings::variables_from).collect());
        if self.added_to_by_several(profile).contains(&SECRETS) {
            for settings in profile.options.iter().flat_map(MenuOption::settings) {
                let own = settings.overrides.iter().filter(|one| one.name.value == SECRETS).cloned().collect();
                entry = Settings { overrides: own, ..Settings::default() }.over(&entry);
            }
        }
        let sets = |settings: &Settings| settings.overrides.iter().any(|one| one.name.value == SECRETS);
        let choices = profile.options.iter().flat_map(|option| &option.choices);
        let Some(first) = self.pull_secrets.first().filter(|_| sets(&entry) || choices.clone().any(|choice| sets(&choice.settings))) else {
            return entry;
        };
        let names = self.pull_secrets.iter().map(|name| Located::new(OverrideValue::Text(name.value.clone()), name.place));
        let value = Located::new(OverrideValue::List(names.collect()), first.place);
        let own = Override { name: Located::new(SECRETS.to_owned(), first.place), value };
        entry.over(&Settings { overrides: vec![own], ..Settings::default() })
    }

    /// Where the chart mounts a person's volume.
    #[must_use]
    pub fn home(&self) -> &str {
        self.home.as_ref().map_or(Chart::HOME, |home| home.value.trim_end_matches('/'))
    }
}

/// Every combination of choices; the default one first.
fn combinations(profile: &Profile) -> Vec<Vec<(&str, &Choice)>> {
    let options = || profile.options.iter().filter(|option| !option.choices.is_empty());
    let default: Vec<(&str, &Choice)> =
        options().filter_map(|option| Some((option.key.value.as_str(), option.choices.get(option.default_index())?))).collect();
    let count = options().map(|option| option.choices.len()).fold(1_usize, usize::saturating_mul);
    let mut all = vec![default.clone()];
    for (at, option) in options().enumerate() {
        let more: Vec<_> = option.choices.iter().enumerate().filter(|(place, _)| *place != option.default_index()).collect();
        let before = if count > MOST { vec![default.clone()] } else { all.clone() };
        for one in before {
            for (_, choice) in &more {
                let mut next = one.clone();
                if let Some(slot) = next.get_mut(at) {
                    slot.1 = choice;
                }
                all.push(next);
            }
        }
    }
    all
}

/// What `KubeSpawner` makes of overrides: a map joins a map, `none` in it takes a key away, anything else replaces.
fn apply(all: &mut Vec<Override>, more: &[Override]) {
    for one in more {
        match all.iter_mut().find(|known| known.name.value == one.name.value) {
            Some(known) => match (&mut known.value, &one.value) {
                (Located { value: OverrideValue::Map(fields), .. }, Located { value: OverrideValue::Map(new), .. }) => update(fields, new),
                (known, new) => *known = new.clone(),
            },
            None => all.push(one.clone()),
        }
    }
}

fn update(fields: &mut Vec<(Located<String>, Located<OverrideValue>)>, new: &[(Located<String>, Located<OverrideValue>)]) {
    for (key, value) in new {
        let known = fields.iter_mut().find(|(known, _)| known.value == key.value);
        match (known, &value.value) {
            (Some((_, known)), OverrideValue::Map(new)) if matches!(known.value, OverrideValue::Map(_)) => {
                if let OverrideValue::Map(fields) = &mut known.value {
                    update(fields, new);
                    known.place = value.place;
                }
            }
            (Some(_), OverrideValue::Null) => fields.retain(|(known, _)| known.value != key.value),
            (Some((_, known)), _) => *known = value.clone(),
            (None, OverrideValue::Null) => {}
            (None, _) => fields.push((key.clone(), value.clone())),
        }
    }
}

impl Chart {
    /// Where it mounts a person's volume (`singleuser.storage.homeMountPath`).
    pub const HOME: &'static str = "/home/jovyan";

    /// What it calls that volume and its mount (`singleuser.storage.dynamic.volumeNameTemplate`).
    pub const HOME_VOLUME: &'static str = "volume-{user_server}";

    /// What it sets on every pod, as far as images and entries have to do with it: from the `values.yaml` of 3.3.8, 4.0.0, 4.3.0 and 4.4.0,
    /// which agree in all of this, and its `jupyterhub_config.py`.
    #[must_use]
    pub fn sets(self, home: &str, place: Place) -> Vec<Override> {
        let here = |value| Located::new(value, place);
        let text = |text: &str| here(OverrideValue::Text(text.to_owned()));
        let map = |fields: Vec<(&str, Located<OverrideValue>)>| {
            here(OverrideValue::Map(fields.into_iter().map(|(name, value)| (Located::new(name.to_owned(), place), value)).collect()))
        };
        let volume = Self::HOME_VOLUME;
        let claim = map(vec![("claimName", text("{pvc_name}"))]);
        let volumes = map(vec![("name", text(volume)), ("persistentVolumeClaim", claim)]);
        let mount = map(vec![("name", text(volume)), ("mountPath", text(home))]);
        let many = |one| if self.merges_volumes() { map(vec![(volume, one)]) } else { here(OverrideValue::List(vec![one])) };
        let all = [
            ("cmd", text("jupyterhub-singleuser")),
            ("uid", here(OverrideValue::Int(1000))),
            ("fs_gid", here(OverrideValue::Int(100))),
            ("mem_guarantee", text("1G")),
            ("volumes", many(volumes)),
            ("volume_mounts", many(mount)),
        ];
        all.into_iter().map(|(name, value)| Override { name: Located::new(name.to_owned(), place), value }).collect()
    }
}
