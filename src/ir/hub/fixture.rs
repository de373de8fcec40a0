//! Hand-made programs with a menu, for tests of the rules and of the artifacts.

use std::rc::Rc;

use super::definition::Hub;
use super::{
    Bounds, Chart, Choice, FormKind, Gpu, GroupFilter, Located, Memory, MenuImage, MenuOption, MilliCpu, OptionKind, Override,
    OverrideValue, Profile, Settings, Slug, Unlisted, slugify,
};
use crate::base::{FileId, Place, Span};
use crate::ir::{
    Account, AxisPoint, Base, BaseId, Cell, CellId, CiPolicy, HubOutput, Image, ImageId, Locks, Outputs, Package, Parent, Platform,
    Program, Project, Recipe,
};

/// A place of its own for each number.
pub(crate) fn at(number: usize) -> Place {
    Place::new(FileId(0), Span::new(number, number + 1))
}

/// A text at some place.
pub(crate) fn text(value: &str) -> Located<String> {
    Located::new(value.to_owned(), at(value.len()))
}

/// A value at some place.
pub(crate) fn value(value: OverrideValue) -> Located<OverrideValue> {
    Located::new(value, at(7))
}

/// A text as an override's value.
pub(crate) fn words(text: &str) -> Located<OverrideValue> {
    value(OverrideValue::Text(text.to_owned()))
}

/// A map as an override's value.
pub(crate) fn map(fields: &[(&str, Located<OverrideValue>)]) -> Located<OverrideValue> {
    value(OverrideValue::Map(fields.iter().map(|(key, item)| (text(key), item.clone())).collect()))
}

/// A list as an override's value.
pub(crate) fn list(items: &[Located<OverrideValue>]) -> Located<OverrideValue> {
    value(OverrideValue::List(items.to_vec()))
}

/// Settings of one override.
pub(crate) fn with(name: &str, value: Located<OverrideValue>) -> Settings {
    Settings { overrides: vec![Override { name: text(name), value }], ..Settings::default() }
}

/// Settings of so many cores and gibibytes.
pub(crate) fn sized(cpu: u64, memory: u64) -> Settings {
    let both = |cpu| Bounds { guarantee: Some(cpu), limit: Some(cpu) };
    let memory = Bounds { guarantee: Some(Memory(memory << 30)), limit: Some(Memory(memory << 31)) };
    Settings { cpu: Some(Located::new(both(MilliCpu(cpu * 500)), at(1))), memory: Some(Located::new(memory, at(2))), ..Settings::default() }
}

/// An entry with this title, of an image that exists.
pub(crate) fn profile(title: &str) -> Profile {
    Profile {
        definition: slugify(title),
        title: text(title),
        description: None,
        slug: Slug { text: slugify(title), written: None },
        default: None,
        image: Some(Located::new(MenuImage::Base(BaseId(0)), at(3))),
        settings: Settings::default(),
        options: Vec::new(),
        groups: Vec::new(),
        renamed_from: Vec::new(),
        keep: None,
        origin: at(40 + title.len()),
    }
}

/// A drop-down of these choices.
pub(crate) fn option(key: &str, choices: Vec<Choice>) -> MenuOption {
    MenuOption {
        key: text(key),
        title: text(key),
        kind: OptionKind::Written,
        choices,
        unlisted: None,
        renamed_from: Vec::new(),
        builds: None,
        origin: at(20 + key.len()),
    }
}

/// A choice that sets something.
pub(crate) fn choice(key: &str, settings: Settings) -> Choice {
    Choice {
        key: text(key),
        title: text(&format!("the {key}")),
        description: None,
        default: None,
        image: None,
        settings,
        groups: Vec::new(),
        renamed_from: Vec::new(),
        origin: at(30 + key.len()),
    }
}

/// A choice of an image.
pub(crate) fn image_choice(key: &str, image: MenuImage) -> Choice {
    Choice { image: Some(Located::new(image, at(4))), ..choice(key, Settings::default()) }
}

/// A free text for an image.
pub(crate) fn unlisted(pattern: &str) -> Unlisted {
    Unlisted {
        title: text("Another image"),
        in_choices: None,
        pattern: Some(text(pattern)),
        message: None,
        image: true,
        settings: Settings::default(),
        groups: Vec::new(),
        origin: at(5),
    }
}

/// A program with one base, one image of two cells, and a hub with this menu, its first entry the default.
pub(crate) fn program(menu: Vec<Profile>) -> Program {
    let mut menu = menu;
    if !menu.iter().any(|entry| entry.default.is_some()) {
        menu.iter_mut().take(1).for_each(|first| first.default = Some(at(6)));
    }
    let cell = |python: &str| Cell {
        image: ImageId(0),
        name: format!("py{python}"),
        axes: Rc::new(vec![AxisPoint { axis: Rc::from("python"), value: Rc::from(python), short: Rc::from(format!("py{python}")) }]),
        parent: Parent::Base(BaseId(0)),
        recipe: Rc::new(Recipe::bare("ghcr.io/demo/ml", &[Platform::Amd64])),
    };
    Program {
        environments: Vec::new(),
        project: Project {
            name: "demo".to_owned(),
            registry: "ghcr.io/demo".to_owned(),
            source: None,
            maintainer: None,
            license: None,
            platforms: vec![Platform::Amd64],
            branch: "main".to_owned(),
            same: Vec::new(),
            locked: false,
            distinct: Vec::new(),
            origin: at(0),
        },
        main_file: "main.jenv".to_owned(),
        bases: vec![base()],
        images: vec![image()],
        cells: vec![cell("3.11"), cell("3.12")],
        hubs: vec![hub(menu)],
        rebuilds: Vec::new(),
        outputs: Outputs { configmaps: vec![output("deploy/menu.yaml")], ..Outputs::default() },
        locks: Locks::default(),
        allows: Vec::new(),
        definitions: Vec::new(),
    }
}

/// A hub with this menu.
pub(crate) fn hub(menu: Vec<Profile>) -> Hub {
    Hub {
        name: "production".to_owned(),
        namespace: Some(text("jhub")),
        chart: Located::new(Chart::NEWEST, at(8)),
        form: FormKind::Kubespawner,
        filters_groups: GroupFilter::No,
        pull_secrets: Vec::new(),
        home: None,
        block_metadata: None,
        puller: None,
        registry: None,
        pushes_to: None,
        no_menu: false,
        saved_choices: true,
        provides: Vec::<Package>::new(),
        requires: Vec::new(),
        defaults: Settings::default(),
        menu,
        retired: Vec::new(),
        released: None,
        origin: at(9),
        top: at(9),
    }
}

/// An output of the first hub.
pub(crate) fn output(path: &str) -> HubOutput {
    HubOutput { path: path.to_owned(), hub: 0, name: None, values_from: None, chart_source: None, pre_pull: None, origin: at(10) }
}

/// One graphics processor.
pub(crate) fn gpu() -> Located<Gpu> {
    Located::new(Gpu { count: 1, resource: Gpu::NVIDIA.to_owned() }, at(11))
}

/// The image of the program.
fn image() -> Image {
    Image {
        name: "ml".to_owned(),
        title: "ml".to_owned(),
        description: None,
        doc: None,
        cells: vec![CellId(0), CellId(1)],
        default_cell: CellId(0),
        root: None,
        ci: CiPolicy::default(),
        publish: true,
        stage: false,
        locked: false,
        origin: at(12),
    }
}

/// The base of the program.
fn base() -> Base {
    Base {
        name: "scipy".to_owned(),
        axes: Vec::new(),
        repository: "quay.io/jupyter/scipy-notebook".to_owned(),
        tag: Some("2026-11-22".to_owned()),
        digest: None,
        locked: false,
        account: Account::root(),
        prefix: None,
        os: None,
        platforms: Vec::new(),
        provides: Rc::new(Vec::new()),
        env: Vec::new(),
        origin: at(13),
        standard: false,
    }
}
