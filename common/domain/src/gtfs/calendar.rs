//! `calendar.txt` and `calendar_dates.txt`: the days of each service.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, Days, NaiveDate};

use super::clause::Clause;
use super::encoding::fields;
use super::files::Files;
use super::findings::{Findings, Refusal};
use super::model::Service;
use super::remark::Remark;
use super::table::{Row, Table};
use super::window::{Window, shifted};

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Days on which a service runs every week.
struct Pattern {
    service: usize,
    range: Window,
    weekdays: [bool; 7],
}

/// The calendars of a feed, before they are expanded to the days of a window.
#[derive(Default)]
pub struct Calendar {
    ids: HashMap<String, usize>,
    names: Vec<String>,
    /// Services with a rejected row: their days are unknown.
    rejected: Vec<bool>,
    /// Ids that a file which was left out may refer to.
    doubtful: HashSet<String>,
    patterns: Vec<Pattern>,
    added: Vec<(usize, NaiveDate)>,
    removed: Vec<(usize, NaiveDate)>,
}

impl Calendar {
    /// Reads both files. One that is unreadable as a whole is left out, with every service that it may refer to.
    ///
    /// # Errors
    /// When neither can be read.
    pub fn read(files: &Files, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut calendar = Self::default();
        let weekly = calendar.read_weekly(files, findings);
        let dates = calendar.read_dates(files, findings);
        let is_there = [&weekly, &dates].into_iter().any(|read| matches!(read, Ok(true)));
        let mut refusal = Refusal::MissingCalendar;
        for (file, read) in [("calendar.txt", weekly), ("calendar_dates.txt", dates)] {
            if let Err(broken) = read {
                findings.left_out(file, broken.clone());
                let bytes = files.0.get(file).map(Vec::as_slice).unwrap_or_default();
                calendar.doubtful.extend(fields(bytes));
                refusal = broken;
            }
        }
        if is_there { Ok(calendar) } else { Err(refusal) }
    }

    fn read_weekly(&mut self, files: &Files, findings: &mut Findings) -> Result<bool, Refusal> {
        let Some(table) = files.table("calendar.txt")? else {
            return Ok(false);
        };
        let id = table.require("service_id")?;
        let (start, end) = (table.require("start_date")?, table.require("end_date")?);
        let weekdays = require_all(&table)?;
        let mut lost = Vec::new();
        let read = |row: &Row<'_>, _: &mut Findings| {
            let id = row.id(id, "service_id")?;
            if self.ids.contains_key(id) {
                return Err(Clause::ServiceTwice { service: id.into() }.into());
            }
            let service = self.service(id);
            let mut read = || {
                let range = Window {
                    from: date(row.get(start))?,
                    to: date(row.get(end))?,
                };
                if range.from > range.to {
                    return Err(Clause::DaysReversed {});
                }
                let mut runs = [false; 7];
                for (runs, column) in runs.iter_mut().zip(weekdays) {
                    *runs = match row.get(column) {
                        "1" => true,
                        "0" => false,
                        other => return Err(Clause::WeekdayInvalid { value: other.into() }),
                    };
                }
                self.patterns.extend(trimmed(range, &runs).map(|range| Pattern {
                    service,
                    range,
                    weekdays: runs,
                }));
                Ok(())
            };
            read().map_err(|reason| self.reject(service, reason))
        };
        table.each_row(findings, read, |row| lost.push(row.get(id).to_owned()))?;
        self.reject_lost(&lost);
        Ok(true)
    }

    fn read_dates(&mut self, files: &Files, findings: &mut Findings) -> Result<bool, Refusal> {
        let Some(table) = files.table("calendar_dates.txt")? else {
            return Ok(false);
        };
        let id = table.require("service_id")?;
        let (day, kind) = (table.require("date")?, table.require("exception_type")?);
        let mut lost = Vec::new();
        let read = |row: &Row<'_>, _: &mut Findings| {
            let service = self.service(row.id(id, "service_id")?);
            let day = date(row.get(day)).map_err(|reason| self.reject(service, reason))?;
            match row.get(kind) {
                "1" => self.added.push((service, day)),
                "2" => self.removed.push((service, day)),
                other => {
                    let value = other.into();
                    return Err(self.reject(service, Clause::ExceptionTypeInvalid { value }));
                }
            }
            Ok(())
        };
        table.each_row(findings, read, |row| lost.push(row.get(id).to_owned()))?;
        self.reject_lost(&lost);
        Ok(true)
    }

    /// Rejects services with a row of the wrong shape: their days are unknown.
    fn reject_lost(&mut self, ids: &[String]) {
        for id in ids {
            let service = self.service(id);
            self.rejected[service] = true;
        }
    }

    fn service(&mut self, id: &str) -> usize {
        if let Some(service) = self.ids.get(id) {
            return *service;
        }
        let service = self.names.len();
        self.ids.insert(id.to_owned(), service);
        self.names.push(id.to_owned());
        self.rejected.push(false);
        service
    }

    fn reject(&mut self, service: usize, reason: Clause) -> Remark {
        self.rejected[service] = true;
        let service = self.names[service].clone();
        Remark::from(reason).and(Clause::ServiceLeftOut { service })
    }

    /// The service of this id.
    ///
    /// # Errors
    /// A reason to reject the trip that names it.
    pub fn find(&self, id: &str) -> Result<usize, Clause> {
        let service = || id.to_owned();
        match self.ids.get(id) {
            Some(known) if self.rejected[*known] => Err(Clause::ServiceRejected { service: service() }),
            _ if self.doubtful.contains(id) => Err(Clause::ServiceDoubtful { service: service() }),
            Some(known) => Ok(*known),
            None => Err(Clause::ServiceUnknown { service: service() }),
        }
    }

    /// First and last day on which any service runs, before removals; `None` when none ever does.
    #[must_use]
    pub fn span(&self) -> Option<Window> {
        let ranges = self.patterns.iter().map(|p| p.range);
        let days = self.added.iter().map(|(_, day)| Window { from: *day, to: *day });
        ranges.chain(days).reduce(|a, b| Window {
            from: a.from.min(b.from),
            to: a.to.max(b.to),
        })
    }

    /// Every service with its days inside `window`, after the calendar was moved by `weeks`. Positions are those that
    /// [`Self::find`] returns.
    #[must_use]
    pub fn services(self, window: Window, weeks: i64) -> Vec<Service> {
        let window = window.shifted(-weeks);
        let mut days: Vec<Vec<NaiveDate>> = vec![Vec::new(); self.names.len()];
        for pattern in &self.patterns {
            let Some(range) = pattern.range.and(window) else {
                continue;
            };
            let runs = |day: &NaiveDate| pattern.weekdays[day.weekday().num_days_from_monday() as usize];
            days[pattern.service].extend(range.from.iter_days().take_while(|day| *day <= range.to).filter(runs));
        }
        let inside = |day: NaiveDate| window.from <= day && day <= window.to;
        for (service, day) in self.added.iter().filter(|(_, day)| inside(*day)) {
            days[*service].push(*day);
        }
        let mut removed: Vec<Vec<NaiveDate>> = vec![Vec::new(); self.names.len()];
        for (service, day) in &self.removed {
            removed[*service].push(*day);
        }
        let work_out = |((id, mut days), mut removed): ((String, Vec<NaiveDate>), Vec<NaiveDate>)| {
            days.sort_unstable();
            days.dedup();
            removed.sort_unstable();
            days.retain(|day| removed.binary_search(day).is_err());
            for day in &mut days {
                *day = shifted(*day, weeks);
            }
            Service { id, days }
        };
        self.names.into_iter().zip(days).zip(removed).map(work_out).collect()
    }
}

fn require_all(table: &Table<'_>) -> Result<[super::table::Column; 7], Refusal> {
    let mut columns = [table.column(WEEKDAYS[0]); 7];
    for (column, name) in columns.iter_mut().zip(WEEKDAYS) {
        *column = table.require(name)?;
    }
    Ok(columns)
}

/// The range without leading and trailing days of the week on which nothing runs.
fn trimmed(range: Window, weekdays: &[bool; 7]) -> Option<Window> {
    let runs = |day: NaiveDate| weekdays[day.weekday().num_days_from_monday() as usize];
    let week = || (0..7).map(Days::new);
    let from = week()
        .filter_map(|n| range.from.checked_add_days(n))
        .find(|day| runs(*day))?;
    let to = week()
        .filter_map(|n| range.to.checked_sub_days(n))
        .find(|day| runs(*day))?;
    (from <= to).then_some(Window { from, to })
}

/// A day as GTFS writes it: `YYYYMMDD`, between 1970 and 2199.
fn date(text: &str) -> Result<NaiveDate, Clause> {
    let plain = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let day = || {
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    };
    day()
        .filter(|day| plain && (1970..2200).contains(&day.year()))
        .ok_or_else(|| Clause::DayInvalid { value: text.into() })
}
