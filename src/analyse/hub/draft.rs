//! What the blocks of an entry say.

use crate::analyse::axes::Domain;
use crate::analyse::cells::Built;
use crate::analyse::context::Context;
use crate::analyse::reads::Reads;
use crate::base::Place;
use crate::ir::{AxisPoint, Located, MenuImage, MenuOption, Parent, Settings, Unlisted};

/// What a block says.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) title: Option<Located<String>>,
    pub(super) description: Option<Located<String>>,
    pub(super) slug: Option<Located<String>>,
    pub(super) default: Option<Place>,
    /// The axes to choose from, each with its place.
    pub(super) choose: Option<Vec<Located<String>>>,
    /// How many earlier releases stay on offer.
    pub(super) keep: Option<Located<u32>>,
    pub(super) groups: Vec<Located<String>>,
    pub(super) renamed_from: Vec<Located<String>>,
    pub(super) image: Option<Located<MenuImage>>,
    pub(super) in_choices: Option<Located<String>>,
    pub(super) pattern: Option<Located<String>>,
    pub(super) message: Option<Located<String>>,
    pub(super) settings: Settings,
    pub(super) options: Vec<MenuOption>,
    /// Free texts with the name of the option that each is for.
    pub(super) unlisted: Vec<(Located<String>, Unlisted)>,
}

/// The cell for which blocks are read.
pub(super) struct Reader<'r, 'a> {
    pub(super) cx: &'r Context<'a>,
    pub(super) built: &'r Built<'a>,
    /// The image, where there is one.
    pub(super) parent: Option<Parent>,
    /// The point, and the hub as one more axis.
    pub(super) axes: Vec<AxisPoint>,
    /// The axes that were asked for; all of them where the image was.
    pub(super) reads: Reads,
    /// All values of the axes.
    pub(super) domains: Vec<Domain>,
    /// The definition.
    pub(super) name: &'r str,
}
