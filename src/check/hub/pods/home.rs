//! Whose home folder is on the person's volume, and who the server runs as.

use super::meeting::{Meeting, is_below};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Located, OverrideValue};

/// The home of the image's account is where the person's volume is mounted.
pub(super) fn mounted(meeting: &Meeting<'_, '_>, findings: &mut Findings) {
    let Some((account, home)) = meeting.account().and_then(|account| Some((account, account.home.as_deref()?))) else { return };
    let mounts = meeting.pod.mounts();
    let Some((elsewhere, place)) = mounts.first().copied() else { return };
    if mounts.iter().any(|(path, _)| is_below(home, path)) {
        return;
    }
    let image = &meeting.image;
    findings.push(
        Diagnostic::new(
            &known::HOME_NOT_MOUNTED,
            image.place,
            format!("`{home}`, the home of `{}` in `{}`, is on no volume", account.name, image.name),
        )
        .here("what people save there is gone with the server")
        .also(place, format!("the volume is mounted at `{elsewhere}`"))
        .help(format!("say `home = \"{home}\"` in the hub, or mount the volume there in the entry:"))
        .help(format!("`override {{ volume_mounts = {{ \"volume-{{user_server}}\" = {{ mountPath = \"{home}\" }} }} }}`")),
    );
}

/// Variables by which the start scripts of Jupyter's images leave the superuser for another account.
const SWITCHES: [&str; 4] = ["NB_UID", "NB_USER", "NB_GID", "GRANT_SUDO"];

/// The server runs as the account and the group that the image was made for.
pub(super) fn user(meeting: &Meeting<'_, '_>, findings: &mut Findings) {
    let Some(account) = meeting.account() else { return };
    let environment = meeting.pod.get("environment").map(|one| &one.value.value);
    let switches = SWITCHES.iter().any(|name| environment.is_some_and(|all| all.get(name).is_some()));
    for (own, what, name, field) in [(account.uid, "user", "uid", "runAsUser"), (account.gid, "group", "gid", "runAsGroup")] {
        let (Some(own), Some(given)) = (own.map(i64::from), given(meeting, name, field)) else { continue };
        let OverrideValue::Int(id) = given.value else { continue };
        if own == id || (id == 0 && switches) {
            continue;
        }
        let image = &meeting.image;
        findings.push(
            Diagnostic::new(
                &known::OTHER_USER_ID,
                image.place,
                format!("`{}` is made for the {what} id {own}, and its server runs as {id}", image.name),
            )
            .here("what belongs to the image's account can't be written")
            .also(given.place, format!("the pod's {what} id is {id}"))
            .help(format!("say `override {{ {name} = {own} }}` in the entry")),
        );
    }
}

/// What a pod sets: the field of the security context, which has its way, or the trait.
fn given<'m>(meeting: &'m Meeting<'_, '_>, name: &str, field: &str) -> Option<&'m Located<OverrideValue>> {
    let context = meeting.pod.get("container_security_context").and_then(|context| context.value.value.get(field));
    context.or_else(|| meeting.pod.get(name).map(|one| &one.value))
}
