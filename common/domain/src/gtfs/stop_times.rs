//! `stop_times.txt`: the calls of each trip, in order, with every time filled in.

use std::collections::HashSet;

use super::super::geo::Point;
use super::clause::Clause;
use super::files::Files;
use super::findings::{Findings, Refusal};
use super::model::{Call, Stop, Trip};
use super::remark::Remark;
use super::stops::Stops;
use super::table::Row;
use super::trips::{Draft, Named};

const FILE: &str = "stop_times.txt";
/// Latest time that is accepted, in seconds: a week.
const LATEST: i32 = 7 * 86_400;

/// A row of the file.
struct Raw {
    trip: usize,
    sequence: u32,
    stop: usize,
    arrival: Option<i32>,
    departure: Option<i32>,
    boarding: bool,
    alighting: bool,
    line: u64,
}

/// Reads `stop_times.txt` and returns the trips with valid calls.
///
/// # Errors
/// When it is missing, empty or unreadable as a whole.
pub fn read(files: &Files, stops: &Stops, trips: Named<Draft>, findings: &mut Findings) -> Result<Vec<Trip>, Refusal> {
    let table = files.required(FILE)?;
    let (trip, stop) = (table.require("trip_id")?, table.require("stop_id")?);
    let sequence = table.require("stop_sequence")?;
    let (arrival, departure) = (table.require("arrival_time")?, table.require("departure_time")?);
    let (pickup, drop_off) = (table.column("pickup_type"), table.column("drop_off_type"));
    let mut raw: Vec<Raw> = Vec::new();
    let (mut broken, mut short) = (HashSet::new(), HashSet::new());
    let read = |row: &Row<'_>, _: &mut Findings| {
        let id = row.get(trip);
        let trip = match trips.find(id) {
            Some(Some(trip)) => trip,
            Some(None) => return Ok(()),
            None => return Err(Clause::TripUnknown { trip: id.into() }.into()),
        };
        let read = || {
            Ok(Raw {
                trip,
                sequence: row.get(sequence).parse().map_err(|_| Clause::SequenceInvalid {})?,
                stop: stops.find(row.get(stop))?,
                arrival: row.some(arrival).map(time).transpose()?,
                departure: row.some(departure).map(time).transpose()?,
                boarding: served(row.get(pickup), "pickup_type")?,
                alighting: served(row.get(drop_off), "drop_off_type")?,
                line: row.line,
            })
        };
        raw.push(read().map_err(|reason: Clause| {
            broken.insert(trip);
            left_out(reason, id)
        })?);
        Ok(())
    };
    // Without one of its rows, a trip would skip a stop.
    let lost = |row: &Row<'_>| short.extend(trips.find(row.get(trip)).flatten());
    let rows = table.each_row(findings, read, lost)?;
    if rows == 0 {
        return Err(Refusal::EmptyFile(FILE));
    }
    raw.sort_by_key(|call| (call.trip, call.sequence));
    let mut calls = raw.as_slice();
    let mut kept = Vec::with_capacity(trips.list.len());
    for (position, draft) in trips.list.into_iter().enumerate() {
        let own;
        (own, calls) = calls.split_at(calls.partition_point(|call| call.trip == position));
        if broken.contains(&position) {
            continue;
        }
        if short.contains(&position) {
            let reason = Clause::RowRejected { file: FILE.into() };
            findings.flaw("trips.txt", draft.line, left_out(reason, &draft.trip.id));
            continue;
        }
        let mut trip = draft.trip;
        match assemble(own, &stops.list, &trip.id, findings) {
            Ok(calls) => {
                trip.calls = calls;
                kept.push(trip);
            }
            Err((line, reason)) => {
                let (file, line) = line.map_or(("trips.txt", draft.line), |line| (FILE, line));
                findings.flaw(file, line, left_out(reason, &trip.id));
            }
        }
    }
    Ok(kept)
}

/// Seconds of `H:MM:SS`, `HH:MM:SS`, `H:MM` or `HH:MM`; the hour may exceed 23.
pub fn time(text: &str) -> Result<i32, Clause> {
    let digits = |part: &str, most: usize| {
        let plain = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<i32>().ok().filter(|_| plain)
    };
    let sixty = |part: &str| digits(part, 2).filter(|n| *n < 60 && part.len() == 2);
    let parse = || {
        let mut parts = text.split(':');
        let (hours, minutes) = (digits(parts.next()?, 3)?, sixty(parts.next()?)?);
        let seconds = parts.next().map_or(Some(0), sixty)?;
        let total = hours * 3_600 + minutes * 60 + seconds;
        (parts.next().is_none() && total <= LATEST).then_some(total)
    };
    parse().ok_or_else(|| Clause::TimeInvalid { value: text.into() })
}

/// Whether passengers may board (or alight): 1 forbids it; 2 and 3 require an arrangement, which a ticket is.
fn served(text: &str, name: &str) -> Result<bool, Clause> {
    match text {
        "" | "0" | "2" | "3" => Ok(true),
        "1" => Ok(false),
        other => Err(Clause::StopServiceInvalid {
            field: name.into(),
            value: other.into(),
        }),
    }
}

/// The line, if one can be named, and what is wrong.
type Fault = (Option<u64>, Clause);

fn left_out(reason: Clause, trip: &str) -> Remark {
    Remark::from(reason).and(Clause::TripLeftOut { trip: trip.into() })
}

/// The calls of one trip from its rows, which are in order.
fn assemble(rows: &[Raw], stops: &[Stop], trip: &str, findings: &mut Findings) -> Result<Vec<Call>, Fault> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err((None, Clause::NoStopTimes {}));
    };
    if rows.len() < 2 {
        return Err((Some(first.line), Clause::OneStopTime {}));
    }
    if rows.len() > usize::from(i16::MAX.unsigned_abs()) {
        return Err((Some(last.line), Clause::TooManyStopTimes {}));
    }
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].sequence == pair[1].sequence) {
        let sequence = pair[1].sequence.to_string();
        return Err((Some(pair[1].line), Clause::SequenceTwice { sequence }));
    }
    for end in [first, last] {
        if end.arrival.or(end.departure).is_none() {
            return Err((Some(end.line), Clause::EndWithoutTime {}));
        }
    }
    let mut calls = with_meters(rows, stops);
    interpolate(&mut calls, rows);
    let mut backwards = None;
    for at in 0..calls.len() {
        if calls[at].departure < calls[at].arrival {
            return Err((Some(rows[at].line), Clause::DepartsEarly {}));
        }
        if at > 0 && calls[at].arrival < calls[at - 1].departure {
            if backwards.replace(at).is_some() {
                return Err((Some(rows[at].line), Clause::TimesDecrease {}));
            }
            close_backwards(&mut calls, at);
        }
    }
    if let Some(at) = backwards {
        let curtailed = Clause::TripCurtailed { trip: trip.into() };
        findings.flaw(
            FILE,
            rows[at].line,
            Remark::from(Clause::ArrivesEarly {}).and(curtailed),
        );
    }
    Ok(calls)
}

/// One step back in time: it is unknown which of the two calls is wrong, so nothing is sold from or to either, and the
/// times of the later one are corrected. The rest of the trip is used as it is.
fn close_backwards(calls: &mut [Call], at: usize) {
    for call in &mut calls[at - 1..=at] {
        (call.boarding, call.alighting) = (false, false);
    }
    calls[at].arrival = calls[at - 1].departure;
    calls[at].departure = calls[at].departure.max(calls[at].arrival);
}

/// The calls with their distance from the first one. A stop without a position counts as being at the previous one;
/// nothing is sold from it or to it.
fn with_meters(rows: &[Raw], stops: &[Stop]) -> Vec<Call> {
    let mut meters = 0.0;
    let mut before = None;
    rows.iter()
        .map(|row| {
            if let Some(point) = stops[row.stop].point {
                meters += before.map_or(0.0, |before: Point| before.meters_to(point));
                before = Some(point);
            }
            Call {
                stop: row.stop,
                arrival: 0,
                departure: 0,
                boarding: row.boarding,
                alighting: row.alighting,
                #[expect(clippy::cast_possible_truncation, reason = "saturates; 32,767 calls fit by far")]
                meters: meters.round() as i32,
            }
        })
        .collect()
}

/// Fills in missing times: a departure equals its arrival; between two timepoints, in proportion to the distance.
fn interpolate(calls: &mut [Call], rows: &[Raw]) {
    let mut timepoint = 0;
    for at in 0..calls.len() {
        let (Some(arrival), Some(departure)) = (
            rows[at].arrival.or(rows[at].departure),
            rows[at].departure.or(rows[at].arrival),
        ) else {
            continue;
        };
        (calls[at].arrival, calls[at].departure) = (arrival, departure);
        let (from, to) = (calls[timepoint], calls[at]);
        let way = i64::from(to.meters - from.meters).max(1);
        for between in calls[..at].iter_mut().skip(timepoint + 1) {
            let done = i64::from(between.meters - from.meters) * i64::from(to.arrival - from.departure) / way;
            between.arrival = from.departure + i32::try_from(done).unwrap_or(0);
            between.departure = between.arrival;
        }
        timepoint = at;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::time;

    #[rstest]
    #[case("8:05:00", Some(29_100))]
    #[case("08:05:00", Some(29_100))]
    #[case("8:05", Some(29_100))]
    #[case("24:00:00", Some(86_400))]
    #[case("59:34:00", Some(214_440))]
    #[case("168:00:00", Some(604_800))]
    #[case("168:00:01", None)]
    #[case("8:5:00", None)]
    #[case("08:60:00", None)]
    #[case("-1:00:00", None)]
    #[case("08:00:00:00", None)]
    #[case("noon", None)]
    #[case("", None)]
    fn times_may_exceed_a_day(#[case] text: &str, #[case] seconds: Option<i32>) {
        assert_eq!(time(text).ok(), seconds);
    }
}
