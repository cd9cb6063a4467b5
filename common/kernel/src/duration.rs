//! Durations as people type them.

use chrono::TimeDelta;

/// A duration of a whole number and `s`, `m`, `h` or `d`, for example `15m`; at most a hundred years.
///
/// # Errors
/// What it must be, for the person who typed it.
pub fn duration(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "must be a number and s, m, h or d, such as 15m".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let seconds = i64::from(number) * seconds;
    // Nothing stored is a hundred years old, so a longer duration is a mistake.
    TimeDelta::try_seconds(seconds)
        .filter(|delta| *delta <= TimeDelta::days(36_500))
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::duration;

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        assert_eq!(duration("90s"), Ok(TimeDelta::seconds(90)));
        assert_eq!(duration("15m"), Ok(TimeDelta::minutes(15)));
        assert_eq!(duration("2h"), Ok(TimeDelta::hours(2)));
        assert_eq!(duration("7d"), Ok(TimeDelta::days(7)));
        for wrong in ["", "s", "5", "-5m", "1.5h", "5w", "99999999999d", "4000000000d", "5ї"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
