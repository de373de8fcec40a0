//! Guarantees above limits: Kubernetes refuses the pod, after the person has waited.

use super::sites::find;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, Memory, MilliCpu, Override, OverrideValue, Profile};

/// What the chart guarantees where nothing is said (`singleuser.memory.guarantee`).
const CHART_GUARANTEE: Memory = Memory(1 << 30);

/// A resource with a guarantee and a limit.
struct Resource {
    guarantee: &'static str,
    limit: &'static str,
    parse: fn(&OverrideValue) -> Option<u64>,
    show: fn(u64) -> String,
    /// What the chart guarantees.
    chart: Option<u64>,
}

const RESOURCES: [Resource; 2] = [
    Resource { guarantee: "cpu_guarantee", limit: "cpu_limit", parse: cpu, show: |cpu| MilliCpu(cpu).to_string(), chart: None },
    Resource {
        guarantee: "mem_guarantee",
        limit: "mem_limit",
        parse: memory,
        show: |memory| Memory(memory).to_string(),
        chart: Some(CHART_GUARANTEE.0),
    },
];

/// A bound that somebody set.
#[derive(Clone, Copy)]
struct Bound {
    /// In the resource's unit; `None` where it is reset.
    value: Option<u64>,
    place: Place,
    /// The drop-down that sets it, by its place among the entry's.
    option: Option<usize>,
    /// The choice that sets it.
    choice: usize,
}

/// Every combination of guarantee and limit that an entry allows.
pub(super) fn guarantees(hub: &Hub, profile: &Profile, findings: &mut Findings) {
    let base = profile.settings.over(&hub.defaults).traits(hub);
    for resource in &RESOURCES {
        let guarantees = all(hub, profile, &base, resource, resource.guarantee);
        let limits = all(hub, profile, &base, resource, resource.limit);
        for limit in &limits {
            let Some(most) = limit.value else { continue };
            for guarantee in guarantees.iter().filter(|guarantee| together(guarantee, limit, &guarantees, &limits)) {
                if let Some(least) = guarantee.value.filter(|least| *least > most) {
                    above(resource, (least, guarantee.place), (most, limit.place), findings);
                }
            }
            let silent = |bound: &&Bound| bound.option.is_none() || (bound.option == limit.option && bound.choice == limit.choice);
            if let Some(least) = resource.chart.filter(|least| *least > most && !guarantees.iter().any(|bound| silent(&bound))) {
                chart(resource, least, (most, limit.place), findings);
            }
        }
    }
}

/// All that set a bound: the entry, and each choice.
fn all(hub: &Hub, profile: &Profile, base: &[Override], resource: &Resource, name: &str) -> Vec<Bound> {
    let bound =
        |one: &Override, option, choice| Bound { value: (resource.parse)(&one.value.value), place: one.value.place, option, choice };
    let mut bounds: Vec<Bound> = find(base, name).map(|one| bound(one, None, 0)).into_iter().collect();
    for (option, drop_down) in profile.options.iter().enumerate() {
        for (choice, entry) in drop_down.choices.iter().enumerate() {
            let traits = entry.settings.traits(hub);
            bounds.extend(find(&traits, name).map(|one| bound(one, Some(option), choice)));
        }
    }
    bounds
}

/// Whether a guarantee and a limit can be in force at once: they are of one choice, of two drop-downs, or the entry's where
/// the choice says nothing.
fn together(guarantee: &Bound, limit: &Bound, guarantees: &[Bound], limits: &[Bound]) -> bool {
    let says = |bounds: &[Bound], other: &Bound| bounds.iter().any(|bound| bound.option == other.option && bound.choice == other.choice);
    match (guarantee.option, limit.option) {
        (None, None) => true,
        (Some(one), Some(other)) if one == other => guarantee.choice == limit.choice,
        (Some(_), Some(_)) => !says(guarantees, limit) && !says(limits, guarantee),
        (None, Some(_)) => !says(guarantees, limit),
        (Some(_), None) => !says(limits, guarantee),
    }
}

fn cpu(value: &OverrideValue) -> Option<u64> {
    match value {
        OverrideValue::Int(number) => u64::try_from(*number).ok()?.checked_mul(1000),
        OverrideValue::Decimal(text) => MilliCpu::parse(text).ok().map(|cpu| cpu.0),
        _ => None,
    }
}

/// Bytes; none where a unit is missing, which is another rule's business.
fn memory(value: &OverrideValue) -> Option<u64> {
    let memory = match value {
        OverrideValue::Int(number) => Memory(u64::try_from(*number).ok()?),
        OverrideValue::Text(text) => Memory::parse(text).ok()?,
        _ => return None,
    };
    (!memory.lacks_unit()).then_some(memory.0)
}

fn above(resource: &Resource, least: (u64, Place), most: (u64, Place), findings: &mut Findings) {
    let (guarantee, limit) = ((resource.show)(least.0), (resource.show)(most.0));
    // Without the entry's name: what a hub's defaults say is one cause, however many entries it reaches.
    let message = format!("`{}` of `{guarantee}` is above `{}` of `{limit}`", resource.guarantee, resource.limit);
    let finding = Diagnostic::new(&known::GUARANTEE_OVER_LIMIT, least.1, message).here(format!("at least `{guarantee}`"));
    findings.push(if least.1 == most.1 {
        let range = format!("{limit}..{guarantee}");
        finding.replace(format!("write the smaller first: `{range}`"), false, least.1, range)
    } else {
        finding.also(most.1, format!("at most `{limit}`")).help(format!("raise the limit to `{guarantee}`, or guarantee less"))
    });
}

fn chart(resource: &Resource, least: u64, most: (u64, Place), findings: &mut Findings) {
    let (guarantee, limit) = ((resource.show)(least), (resource.show)(most.0));
    let message = format!("`{}` of `{limit}` is below the `{guarantee}` that the chart guarantees", resource.limit);
    findings.push(
        Diagnostic::new(&known::GUARANTEE_OVER_LIMIT, most.1, message)
            .here(format!("at most `{limit}`"))
            .help(format!("say both: `memory = {limit}..{limit}`")),
    );
}
