//! A user of a bus company publishes a timetable: that of the demo with another version, so that nothing moves that was
//! sold.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use domain::gtfs::Window;
use reqwest::Client;
use testing::feed::TestFeed;
use tokio::time::Instant;

use super::http::Answer;
use super::{LoadContext, Person};
use crate::error::Result;

/// Path of the uploads.
const UPLOADS: &str = "/v2/timetable/uploads";

/// The refusal of what was done before, or cannot be done yet.
const CONFLICT: &str = "TIMETABLE_CONFLICT";

/// How long an upload may take until it is published.
const TIMEOUT: Duration = Duration::from_secs(90);

/// Interval between two polls.
const PERIOD: Duration = Duration::from_millis(300);

/// The file with the version, and the version of the demo.
const INFO: &str = "feed_info.txt";
const VERSION: &str = "demo-1";

/// The file with the days of all services, and the files that name days.
const CALENDAR: &str = "calendar.txt";
const DATED: [&str; 3] = [CALENDAR, "calendar_dates.txt", INFO];

/// How GTFS writes a day.
const DAY: &str = "%Y%m%d";

/// Reads a feed of the demo from its folder, with its days moved as `admin seed-demo` moves them.
///
/// # Errors
/// When the folder cannot be read.
pub async fn read(folder: &Path, today: NaiveDate) -> Result<TestFeed> {
    let mut files = BTreeMap::new();
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.insert(name, tokio::fs::read(entry.path()).await?);
    }
    Ok(shift(TestFeed { files }, today))
}

fn text(feed: &TestFeed, name: &str) -> String {
    let bytes = feed.files.get(name).map(Vec::as_slice).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

fn day(field: &str) -> Option<NaiveDate> {
    let is_day = field.len() == 8 && field.bytes().all(|byte| byte.is_ascii_digit());
    NaiveDate::parse_from_str(field, DAY).ok().filter(|_| is_day)
}

fn shift(feed: TestFeed, today: NaiveDate) -> TestFeed {
    let calendar = text(&feed, CALENDAR);
    let days: Vec<NaiveDate> = calendar
        .lines()
        .flat_map(|line| line.split(','))
        .filter_map(day)
        .collect();
    let (Some(from), Some(to)) = (days.iter().min(), days.iter().max()) else {
        return feed;
    };
    let window = Window { from: *from, to: *to };
    let weeks = window.weeks_to_cover(today);
    let dated: Vec<&str> = DATED
        .into_iter()
        .filter(|name| feed.files.contains_key(*name))
        .collect();
    dated.into_iter().fold(feed, |feed, name| {
        let file = moved(&text(&feed, name), weeks);
        feed.file(name, file)
    })
}

/// A file with every day moved by a number of weeks.
fn moved(file: &str, weeks: i64) -> String {
    let by = Days::new(weeks.unsigned_abs() * 7);
    let field = |field: &str| {
        let moved = day(field).and_then(|day| match weeks {
            0.. => day.checked_add_days(by),
            _ => day.checked_sub_days(by),
        });
        moved.map_or_else(|| field.to_owned(), |day| day.format(DAY).to_string())
    };
    let line = |line: &str| line.split(',').map(&field).collect::<Vec<_>>().join(",") + "\n";
    file.lines().map(line).collect()
}

/// Uploads the timetable as this version, and publishes it.
pub(super) async fn publish(context: LoadContext, person: Arc<Person>, version: String) {
    let feed = TestFeed::clone(&context.timetable);
    let info = text(&feed, INFO).replace(VERSION, &version);
    let archive = feed.file(INFO, info).zipped();
    match published(&context, &person, &archive).await {
        Ok(()) => context.figures.timetables.add(),
        Err(detail) => context.records.find("an uploaded timetable is published", detail),
    }
}

async fn published(context: &LoadContext, person: &Person, archive: &[u8]) -> std::result::Result<(), String> {
    let ends = Instant::now() + TIMEOUT;
    let id = upload(context, person, archive, ends).await?;
    until(context, person, (&id, "Ready"), ends).await?;
    let asked = |http: &Client, url: &str| person.signed(http.post(format!("{url}{UPLOADS}/{id}/publish")));
    match context.api.ask(asked).await {
        // A conflict: this request was carried out, and its response lost.
        Some(answer) if answer.is_success() || answer.code() == CONFLICT => {}
        answer => return Err(described(&format!("publication of {id}"), answer.as_ref())),
    }
    until(context, person, (&id, "Published"), ends).await
}

async fn upload(
    context: &LoadContext,
    person: &Person,
    archive: &[u8],
    ends: Instant,
) -> std::result::Result<String, String> {
    let asked = |http: &Client, url: &str| {
        let request = person.signed(http.post(format!("{url}{UPLOADS}")));
        request.header("content-type", "application/zip").body(archive.to_vec())
    };
    loop {
        let answer = context.api.ask(asked).await;
        let id = answer
            .as_ref()
            .and_then(|answer| answer.body["data"]["upload"]["id"].as_str());
        if let Some(id) = id {
            return Ok(id.to_owned());
        }
        // What remains of a request that a fault ended is being removed, and counts until then.
        let is_early = answer.as_ref().is_some_and(|answer| answer.code() == CONFLICT);
        if !is_early || Instant::now() > ends {
            return Err(described("upload", answer.as_ref()));
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// Waits until an upload has a status.
async fn until(
    context: &LoadContext,
    person: &Person,
    (id, wanted): (&str, &str),
    ends: Instant,
) -> std::result::Result<(), String> {
    let asked = |http: &Client, url: &str| person.signed(http.get(format!("{url}{UPLOADS}/{id}")));
    loop {
        let answer = context.api.ask(asked).await;
        let upload = answer.as_ref().map(|answer| &answer.body["data"]["upload"]);
        let status = upload.and_then(|upload| upload["status"].as_str()).unwrap_or_default();
        if status == wanted {
            return Ok(());
        }
        if !matches!(status, "Checking" | "Publishing") || Instant::now() > ends {
            let why = upload
                .map(|upload| upload["errorMessage"].to_string())
                .unwrap_or_default();
            let answered = described("status", answer.as_ref());
            return Err(format!(
                "{id} did not become {wanted}, it is '{status}' ({why}; {answered})"
            ));
        }
        tokio::time::sleep(PERIOD).await;
    }
}

fn described(what: &str, answer: Option<&Answer>) -> String {
    let answer = answer.map_or_else(|| "no answer".to_owned(), Answer::to_string);
    format!("{what}: {answer}")
}

#[cfg(test)]
mod tests {
    use testing::feed::TestFeed;

    use super::{shift, text};

    #[test]
    fn the_calendar_moves_by_whole_weeks_and_only_when_it_must() {
        let feed = TestFeed::tiny();
        let today = "2026-11-14".parse().unwrap();
        assert_eq!(
            text(&shift(feed.clone(), today), "calendar.txt"),
            text(&feed, "calendar.txt")
        );
        let later = "2027-02-03".parse().unwrap();
        let moved = text(&shift(feed.clone(), later), "calendar.txt");
        assert!(moved.contains(",20270103,20270404\n"), "{moved}");
        assert_eq!(text(&shift(feed.clone(), later), "trips.txt"), text(&feed, "trips.txt"));
    }
}
