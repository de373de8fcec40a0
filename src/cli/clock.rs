//! Which day it is: `SOURCE_DATE_EPOCH` where it is set, else the clock's. Findings about passed
//! days and `jenvc update` ask; no artifact does.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::ir::Date;

/// The day, UTC; `None` where neither the variable nor the clock says one.
pub(super) fn today() -> Option<Date> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.trim().parse().ok()?,
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs(),
    };
    date(seconds / 86_400)
}

/// The day so many days after 1970-01-01, in the Gregorian calendar.
fn date(days: u64) -> Option<Date> {
    // Counted from 1600-03-01, so that the day that leap years add is the last one of a year of this count, and four hundred
    // years have 146,097 days.
    let days = days.checked_add(135_080)?;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, turned) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    Some(Date {
        year: u16::try_from(1600 + era * 400 + year + turned).ok()?,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_calendars_do() {
        let shown = |days| date(days).map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(shown(0), "1970-01-01");
        assert_eq!(shown(11_016), "2000-02-29");
        assert_eq!(shown(19_782), "2024-02-29");
        assert_eq!(shown(20_783), "2026-11-26");
        assert_eq!(shown(47_540), "2100-02-28");
        assert_eq!(shown(47_541), "2100-03-01");
        assert_eq!(shown(u64::MAX), "");
    }
}
