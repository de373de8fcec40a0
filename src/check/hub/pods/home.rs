//! Whose home folder is on the person's volume, and who the server runs as.

use super::{Meeting, is_below};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::OverrideValue;

/// The home of the image's account is where the person's volume is mounted.
pub(super) fn mounted(meeting: &Meeting<'_>, findings: &mut Findings) {
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

/// The server runs as the account that the image was made for.
pub(super) fn user(meeting: &Meeting<'_>, findings: &mut Findings) {
    let Some(own) = meeting.account().and_then(|account| account.uid) else { return };
    let Some(given) = meeting.pod.get("uid") else { return };
    let OverrideValue::Int(uid) = given.value.value else { return };
    if i64::from(own) == uid {
        return;
    }
    let image = &meeting.image;
    findings.push(
        Diagnostic::new(
            &known::OTHER_USER_ID,
            image.place,
            format!("`{}` is made for the user id {own}, and its server runs as {uid}", image.name),
        )
        .here("what belongs to the image's account can't be written")
        .also(given.value.place, format!("the pod's user id is {uid}"))
        .help(format!("say `override {{ uid = {own} }}` in the entry")),
    );
}
