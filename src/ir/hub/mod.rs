//! Hubs and the entries of their menus. Tags of the program's own images are not known here: an entry names its cell, and
//! only `emit` puts the reference in.

mod apply;
mod beside;
mod chart;
mod definition;
#[cfg(test)]
pub(crate) mod fixture;
mod kept;
mod keys;
mod menu;
mod merge;
mod pod;
mod quantity;
mod settings;
mod traits;
mod value;

pub use beside::Written;
pub use chart::{Chart, FormKind, GroupFilter};
pub use definition::Hub;
pub use kept::{Keepable, MOST_KEPT, floating, is_earlier};
pub use keys::{helm_order, is_numbered, ordered_keys, slugify, without_number};
pub use menu::{
    Builds, Choice, Keep, Kept, MenuImage, MenuOption, OptionKind, Profile, ReleasedEntry, ReleasedMenu, ReleasedOption, Slug, Unlisted,
};
pub use merge::{Merge, items as objects, told_apart_by};
pub use pod::Pod;
pub use quantity::{Memory, MilliCpu, QuantityError};
pub use settings::{Bounds, Gpu, Override, Settings, is_card};
pub use traits::{
    DEPRECATED, Effect, Expansion, JUPYTERHUB_NAMES, KUBESPAWNER_NAMES, KUBESPAWNER_VERSION, Since, TRAITS, Trait, TraitKind, find_trait,
    renamed_trait, snake_case,
};
pub use value::{Located, OverrideValue};
