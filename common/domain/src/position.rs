//! Positions of buses: validation and evaluation of the reports of trackers.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::geo::Point;

/// How far a tracker's clock may be ahead of the platform's.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// Faster than any bus, with a margin for GPS errors.
const FASTEST_KMH: f64 = 250.0;
/// A shorter distance is never a jump: GPS errors reach this many metres in a city or a tunnel.
const JITTER_METERS: f64 = 500.0;
/// Number of positions in a row that overrule one that they contradict, unless that one is trusted more.
const ENOUGH: i16 = 3;
/// Highest trust: further positions in a row do not increase it.
const MOST_TRUST: i16 = 10;
/// After a longer silence, earlier positions do not add to the trust in a new one.
const SILENCE: TimeDelta = TimeDelta::minutes(10);
/// Larger times of trackers are not seconds: as such this is in the year 5138, as milliseconds in 1973.
const SECONDS: i64 = 100_000_000_000;
/// The longest track of one response.
pub const LONGEST_TRACK: TimeDelta = TimeDelta::days(31);

/// The report of a tracker, as passed on by the provider.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawFix {
    /// North positive, in degrees.
    pub latitude: f64,
    /// East positive, in degrees.
    pub longitude: f64,
    /// Kilometres an hour.
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north.
    pub course: Option<f64>,
    /// The time by the tracker's clock, as passed on by the provider: see [`instant`].
    pub recorded_at: i64,
}

/// The instant that a time of a provider stands for.
///
/// - 0 and below: the tracker has no time (it has not found a satellite since it was switched on).
/// - Below 10^11: Unix seconds. Above: milliseconds, and with three or six digits more micro- and nanoseconds.
///
/// A time far in the past (a tracker that counts its weeks from 0 again is 19.6 years back) or in the future is left to
/// [`judge`], which drops it. A report without a time is not a position: the clients ensure that.
#[must_use]
pub fn instant(time: i64) -> Option<DateTime<Utc>> {
    let mut seconds = time;
    while seconds >= SECONDS {
        seconds /= 1000;
    }
    DateTime::from_timestamp_secs(seconds).filter(|_| seconds > 0)
}

/// A plausible position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Position.
    pub point: Point,
    /// Kilometres an hour, one decimal.
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north, 0 to 359.
    pub course: Option<i16>,
    /// When, by the tracker's clock.
    pub recorded_at: DateTime<Utc>,
}

/// Where a tracker was last, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Last {
    /// Position.
    pub point: Point,
    /// When, by the tracker's clock.
    pub recorded_at: DateTime<Utc>,
    /// Positions in a row that agree with it, itself included.
    pub trust: i16,
    /// Where the tracker is instead, if later positions contradict this one.
    pub rival: Option<Rival>,
}

/// Where a tracker is instead, if its latest position is wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rival {
    /// Position.
    pub point: Point,
    /// When, by the tracker's clock.
    pub recorded_at: DateTime<Utc>,
    /// Positions in a row that agree with it, itself included.
    pub fixes: i16,
}

/// Why a position is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impossible {
    /// Outside of the globe, or 0/0, which trackers report when they have no position.
    Nowhere,
    /// Without a time.
    Undated,
    /// Later than now.
    Future,
    /// Older than what is kept.
    TooOld,
    /// Too far from the position before or after it.
    Jump,
}

/// What a position is to the track of its tracker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PositionClass {
    /// It goes into the track, as the latest one.
    Latest {
        /// The position.
        fix: Fix,
        /// Positions in a row that agree with it, itself included.
        trust: i16,
        /// Whether the one before it was wrong and supported by no other: then that one is removed from the track.
        refutes: bool,
    },
    /// It goes into the track only: a later one arrived first.
    Late(Fix),
    /// Dropped for now: too far from the latest one. It is stored as its rival.
    Doubtful(Rival),
    /// The latest one, or its rival, again: nothing to do.
    Repeat,
}

/// Evaluates a report of a tracker.
///
/// A position that no bus can have reached from the latest one is rejected, unless several in a row agree: the latest
/// one may be wrong, above all if it was the first. Three in a row win if the latest one is trusted less, that is if
/// fewer agree with it; one with the highest trust is overruled by eleven. It also expires: the older it is, the
/// farther away the bus may be.
///
/// A latest position from the future (the tracker's clock was ahead, or ours was) does not block later ones: a position
/// from now replaces it.
///
/// # Errors
/// When the report is impossible.
pub fn judge(
    raw: &RawFix,
    last: Option<Last>,
    now: DateTime<Utc>,
    retention: TimeDelta,
) -> Result<PositionClass, Impossible> {
    let fix = possible(raw, now, retention)?;
    let Some(last) = last else {
        return Ok(PositionClass::Latest {
            fix,
            trust: 1,
            refutes: false,
        });
    };
    let is_jump = is_jump((last.point, last.recorded_at), fix);
    if last.recorded_at == fix.recorded_at {
        // At another place at the same instant, it contradicts the latest one like any other.
        return if is_jump {
            contest(last, fix, now)
        } else {
            Ok(PositionClass::Repeat)
        };
    }
    let follows = fix.recorded_at > last.recorded_at || is_overtaken(last.recorded_at, fix.recorded_at, now);
    if !is_jump {
        if !follows {
            return Ok(PositionClass::Late(fix));
        }
        let is_silent = (fix.recorded_at - last.recorded_at).abs() > SILENCE;
        return Ok(PositionClass::Latest {
            fix,
            trust: if is_silent { 1 } else { (last.trust + 1).min(MOST_TRUST) },
            refutes: false,
        });
    }
    if follows {
        contest(last, fix, now)
    } else {
        Err(Impossible::Jump)
    }
}

/// The verdict on a position without its predecessors.
fn possible(raw: &RawFix, now: DateTime<Utc>, retention: TimeDelta) -> Result<Fix, Impossible> {
    let point = Point::new(raw.latitude, raw.longitude)
        .filter(|point| point.latitude.abs() > 1e-6 || point.longitude.abs() > 1e-6)
        .ok_or(Impossible::Nowhere)?;
    let recorded_at = instant(raw.recorded_at).ok_or(Impossible::Undated)?;
    if recorded_at > now + AHEAD {
        return Err(Impossible::Future);
    }
    if recorded_at <= now - retention {
        return Err(Impossible::TooOld);
    }
    Ok(Fix {
        point,
        speed_kmh: raw.speed_kmh.and_then(speed),
        course: raw.course.and_then(course),
        recorded_at,
    })
}

/// Whether a latest position is from the future and this one from now. One that is farther ahead than a tracker may be
/// was stored when the platform's clock was wrong: any position replaces it.
fn is_overtaken(last: DateTime<Utc>, fix: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    last > now + AHEAD || last > now && fix <= now && fix > now - AHEAD
}

/// Weighs a position that contradicts the latest one, together with those before it that did.
fn contest(last: Last, fix: Fix, now: DateTime<Utc>) -> Result<PositionClass, Impossible> {
    let fixes = match last.rival {
        Some(rival) if rival.recorded_at == fix.recorded_at => return Ok(PositionClass::Repeat),
        Some(rival) if is_jump((rival.point, rival.recorded_at), fix) => 1,
        Some(rival) if fix.recorded_at < rival.recorded_at && rival.recorded_at <= now => return Err(Impossible::Jump),
        Some(rival) => rival.fixes.saturating_add(1),
        None => 1,
    };
    // A track has one position per instant: at the same instant, the next position decides.
    if fixes >= ENOUGH && fixes > last.trust && fix.recorded_at != last.recorded_at {
        return Ok(PositionClass::Latest {
            fix,
            trust: fixes.min(MOST_TRUST),
            refutes: last.trust <= 1,
        });
    }
    Ok(PositionClass::Doubtful(Rival {
        point: fix.point,
        recorded_at: fix.recorded_at,
        fixes,
    }))
}

/// Whether no bus can have driven from the one to the other.
fn is_jump((from, at): (Point, DateTime<Utc>), fix: Fix) -> bool {
    let seconds = (fix.recorded_at - at).abs().as_seconds_f64();
    from.meters_to(fix.point) > JITTER_METERS + seconds * FASTEST_KMH / 3.6
}

/// A plausible speed of a bus; a tracker with a nonsensical speed may still be right about the position.
fn speed(kmh: f64) -> Option<f64> {
    (0.0..=FASTEST_KMH).contains(&kmh).then(|| (kmh * 10.0).round() / 10.0)
}

#[expect(clippy::cast_possible_truncation, reason = "0 to 360")]
fn course(degrees: f64) -> Option<i16> {
    (0.0..=360.0).contains(&degrees).then(|| degrees.round() as i16 % 360)
}

/// Whether all of a UTC day is past the retention.
#[must_use]
pub fn is_past(day: NaiveDate, now: DateTime<Utc>, retention: TimeDelta) -> bool {
    let end = day
        .succ_opt()
        .map(|next| next.and_time(chrono::NaiveTime::MIN).and_utc());
    end.is_some_and(|end| end <= now - retention)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
