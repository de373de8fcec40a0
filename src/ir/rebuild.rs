//! Images that are built anew from time to time. Which time it is stands in [`super::Lock`].

use super::Date;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// Each day.
    Daily,
    /// Each week.
    Weekly,
    /// Each month.
    Monthly,
}

impl Period {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Daily, Self::Weekly, Self::Monthly];
    /// The words of the language.
    pub const WORDS: [&'static str; 3] = ["daily", "weekly", "monthly"];

    /// The word of the language, and the key in the lock.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// The period that a word names.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.word() == word)
    }

    /// The slot that a day is in: `2026-11-26`, `2026-W48` (ISO 8601), `2026-11`.
    #[must_use]
    pub fn slot(self, day: Date) -> String {
        match self {
            Self::Daily => day.to_string(),
            Self::Weekly => {
                let (year, week) = iso_week(day);
                format!("{year:04}-W{week:02}")
            }
            Self::Monthly => format!("{:04}-{:02}", day.year, day.month),
        }
    }
}

/// The year and the week that the Thursday of this day's week is in.
fn iso_week(day: Date) -> (i64, i64) {
    let of_year = |year: i64| days_before(year, 1, 1);
    let today = days_before(day.year.into(), day.month.into(), day.day.into());
    // Day 0 is a Saturday (0000-01-01 of the proleptic calendar).
    let thursday = today - (today + 5).rem_euclid(7) + 3;
    let mut year = i64::from(day.year) + 1;
    while of_year(year) > thursday {
        year -= 1;
    }
    (year, (thursday - of_year(year)) / 7 + 1)
}

/// The days between 0000-01-01 and a day of the proleptic Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let leaps = if year > 0 { 1 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 } else { 0 };
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = lengths.iter().take(usize::try_from(month - 1).unwrap_or(0)).sum();
    year * 365 + leaps + months + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let slot = |year, month, day| Period::Weekly.slot(Date { year, month, day });
        for ((year, month, day), week) in [
            ((2026, 11, 26), "2026-W48"),
            ((2026, 11, 30), "2026-W49"),
            ((2026, 1, 1), "2026-W01"),
            ((2027, 1, 1), "2026-W53"),
            ((2024, 12, 30), "2025-W01"),
            ((2021, 1, 3), "2020-W53"),
            ((2000, 2, 29), "2000-W09"),
        ] {
            assert_eq!(slot(year, month, day), week);
        }
        assert_eq!(Period::Monthly.slot(Date { year: 2026, month: 3, day: 1 }), "2026-03");
        assert_eq!(Period::Daily.slot(Date { year: 2026, month: 3, day: 1 }), "2026-03-01");
    }
}
