//! Graphics processors: entries that ask for one with images that can't use it, and the reverse.

use std::rc::Rc;

use foldhash::{HashMap, HashSet};

use super::meeting::Meeting;
use crate::base::Place;
use crate::check::hub::levels::Levels;
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{MenuImage, OverrideValue, Package, Pod, Recipe, StepKind, is_card};

/// Packages that are built for the processor alone.
const FOR_PROCESSORS: [&str; 6] = ["cpuonly", "pytorch-cpu", "tensorflow-cpu", "faiss-cpu", "tensorflow-intel", "intel-tensorflow"];
/// Packages that are built for graphics processors.
const FOR_CARDS: [&str; 8] = ["pytorch-gpu", "tensorflow-gpu", "faiss-gpu", "cupy", "cudatoolkit", "cuda-version", "cuda-toolkit", "cudf"];

/// What a package is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// The processor alone.
    Processor,
    /// Cards of NVIDIA.
    Nvidia,
    /// Cards of AMD.
    Amd,
}

/// What a package is built for; `None` where it does not say.
fn built_for(package: &Package) -> Option<For> {
    let folder = package.index.as_deref().and_then(|index| index.split_once("download.pytorch.org/whl/")).map(|(_, folder)| folder);
    let name = package.normal.as_str();
    let bounds = || package.constraint.alternatives.iter().flatten();
    // Most bounds have neither a label nor a build.
    let is_marked = bounds().any(|bound| bound.build.is_some() || bound.version.bytes().any(|byte| byte == b'+'));
    let local = |start: &str| is_marked && bounds().any(|bound| bound.version.split('+').skip(1).any(|local| local.starts_with(start)));
    let is_build = |build: &String, start: &str| build.trim_start_matches('*').starts_with(start);
    let build = |start: &str| is_marked && bounds().any(|bound| bound.build.as_ref().is_some_and(|build| is_build(build, start)));
    let in_folder = |start: &str| folder.is_some_and(|folder| folder.starts_with(start) || folder.contains(&format!("/{start}")));
    if FOR_PROCESSORS.contains(&name) || in_folder("cpu") || build("cpu") || local("cpu") {
        return Some(For::Processor);
    }
    if in_folder("rocm") || name.as_bytes().windows(4).any(|part| part == b"rocm") || local("rocm") {
        return Some(For::Amd);
    }
    let extra = package.extras.iter().any(|extra| extra.contains("cuda"));
    let cards = FOR_CARDS.contains(&name) || name.starts_with("cupy-cuda") || extra;
    (cards || in_folder("cu") || build("cuda") || local("cu")).then_some(For::Nvidia)
}

/// Where a pod asks for a graphics processor, and by which name.
fn asked<'p>(pod: &'p Pod<'_>) -> Option<(&'p str, Place)> {
    let limits = pod.get("extra_resource_limits")?;
    let OverrideValue::Map(fields) = &limits.value.value else { return None };
    let mut there = fields.iter().filter(|(name, count)| is_card(&name.value) && count.value.as_text() != Some("0"));
    there.next().map(|(name, count)| (name.value.as_str(), count.place))
}

/// What a stack says of cards.
struct Stack<'a> {
    /// The packages that say what they are built for, the uppermost first.
    builds: Vec<(&'a Package, For)>,
    /// The variable by which a container asks for cards.
    variable: Option<Place>,
}

impl<'a> Stack<'a> {
    fn of(meeting: &Meeting<'_, 'a>, levels: &mut Levels<'a, For>) -> Self {
        let builds = meeting.image.of_levels(levels, built_for);
        let sees = |name: &str| name == "NVIDIA_VISIBLE_DEVICES";
        let variable = meeting.steps().find_map(|(_, step)| match &step.kind {
            StepKind::Env(pairs) if pairs.iter().any(|(name, value)| sees(name) && value.written() != "void") => Some(step.origin),
            _ => None,
        });
        Self { builds, variable }
    }
}

/// What the pods of all hubs say of cards.
#[derive(Default)]
pub(super) struct Cards<'a> {
    /// What is known of each stack.
    stacks: HashMap<*const Recipe, Rc<Stack<'a>>>,
    /// What the packages of each recipe are built for.
    built: Levels<'a, For>,
    /// The images that run with a card somewhere.
    with: HashSet<MenuImage>,
    /// Those that are made for cards, each with the finding that is due if it never gets one.
    idle: Vec<(MenuImage, Diagnostic)>,
}

impl<'a> Cards<'a> {
    fn stack(&mut self, meeting: &Meeting<'_, 'a>) -> Rc<Stack<'a>> {
        let mut read = || Rc::new(Stack::of(meeting, &mut self.built));
        match meeting.recipe() {
            Some(recipe) => Rc::clone(self.stacks.entry(recipe).or_insert_with(read)),
            None => read(),
        }
    }

    /// A card for an image that is built for the processor alone.
    pub(super) fn wanted(&mut self, meeting: &Meeting<'_, 'a>, findings: &mut Findings) {
        let Some(image) = meeting.pod.image.map(|image| &image.value) else { return };
        let Some((card, place)) = asked(meeting.pod) else { return self.made_for_cards(image, meeting) };
        self.with.insert(image.clone());
        // A size with a card is for every image beside it: who picks both decides.
        let sized = meeting
            .pod
            .choices
            .iter()
            .any(|(_, choice)| choice.image.is_none() && choice.settings.gpu.as_ref().is_some_and(|gpu| gpu.place == place));
        let fits = |built: For| match built {
            For::Processor => false,
            For::Nvidia => !card.starts_with("amd.com/") && !card.contains("intel.com/"),
            For::Amd => !card.starts_with("nvidia.com/") && !card.contains("intel.com/"),
        };
        let builds = &self.stack(meeting).builds;
        let Some((package, built)) = builds.first().filter(|_| !sized && !builds.iter().any(|(_, built)| fits(*built))) else { return };
        let what = match built {
            For::Processor => "the processor alone",
            For::Nvidia => "cards of NVIDIA",
            For::Amd => "cards of AMD",
        };
        findings.push(
            Diagnostic::new(&known::CARDS_AND_IMAGE, place, format!("a card for `{}`, which can't use it", meeting.image.name))
                .here(format!("asked for here as `{card}`"))
                .also(package.origin, format!("`{}` is built for {what}", package.name))
                .help("take the build for this card, or drop the card"),
        );
    }

    /// Keeps in mind that an image is made for cards.
    fn made_for_cards(&mut self, image: &MenuImage, meeting: &Meeting<'_, 'a>) {
        if self.idle.iter().any(|(known, _)| known == image) {
            return;
        }
        let stack = self.stack(meeting);
        let built = stack.builds.iter().find(|(_, built)| *built != For::Processor).map(|(package, _)| package.origin);
        let Some(place) = stack.variable.or(built) else { return };
        let message = format!("`{}` is made for cards, and no entry with it asks for one", meeting.image.name);
        let mut finding = Diagnostic::new(&known::CARDS_AND_IMAGE, meeting.image.place, message)
            .here("its servers see no card")
            .also(place, "made for cards here")
            .help("say `gpu = 1` in the entry or in a choice, if its nodes have cards");
        finding.severity = Severity::Note;
        self.idle.push((image.clone(), finding));
    }

    /// Images that are made for cards and never get one.
    pub(super) fn idle(self, findings: &mut Findings) {
        for (image, finding) in self.idle {
            if !self.with.contains(&image) {
                findings.push(finding);
            }
        }
    }
}
