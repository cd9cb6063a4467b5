//! Importing, renaming and withdrawing feeds on the command line.

use domain::id::{BookingId, CompanyId, TicketId, TripId};
use tempfile::TempDir;
use testing::feed::TestFeed;
use testing::feed_server::{Answer, FeedServer};
use testing::world::{Sale, SoldTicket, World};

use crate::harness::operator::Operator;

#[tokio::test]
async fn feeds_are_imported_with_a_report_and_refused_with_a_reason() {
    let operator = Operator::new().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tiny.zip");
    let (zip, json) = (path.to_str().unwrap(), folder.path().join("report.json"));
    TestFeed::tiny()
        .replace("stop_times.txt", "day,08:00:00", "day,late")
        .write_zip(&path);
    let run = operator
        .run(&[
            "import-gtfs",
            zip,
            "--tariff",
            "EUR:2.00+0.055/km",
            "--report",
            json.to_str().unwrap(),
        ])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    for line in [
        "feed tiny: new",
        "dated departures: 92",
        "rejected rows: 1",
        "stop_times.txt:2 \"late\" is not a time",
    ] {
        assert!(run.out.contains(line), "{}", run.out);
    }
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["findings"]["flaws"][0]["line"], 2);
    assert_eq!(
        operator
            .count("select count(*) from feeds where tariff_currency = 'EUR'")
            .await,
        1
    );

    let strict = operator.fails(&["import-gtfs", zip, "--strict"]).await;
    assert!(strict.0 == 1 && strict.1.contains("stop_times.txt:2"), "{strict:?}");
    TestFeed::tiny().file("../evil.txt", "x").write_zip(&path);
    let refused = operator.fails(&["import-gtfs", zip]).await;
    assert_eq!(
        refused,
        (
            1,
            "admin: archive refused: entry \"../evil.txt\" points outside the archive".to_owned()
        )
    );
    assert_eq!(operator.fails(&["import-gtfs", zip, "--window", "soon"]).await.0, 2);
    assert_eq!(operator.fails(&["import-gtfs", "/nowhere.zip"]).await.0, 1);
}

const CITIES: &str = "geonameid,slug,name,country,timezone,lat,lon,population\n\
    703448,kyiv,Kyiv,UA,Europe/Kyiv,50.45466,30.5238,2952301\n\
    702550,lviv,Lviv,UA,Europe/Kyiv,49.83826,24.02324,717273\n";

#[tokio::test]
async fn a_feed_under_another_key_is_refused_and_feeds_are_listed_renamed_and_withdrawn() {
    let operator = Operator::new().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tiny.zip");
    let zip = path.to_str().unwrap();
    TestFeed::tiny().write_zip(&path);
    operator.ok(&["import-gtfs", zip]).await;
    let two = "tiny2,Tiny Partner Lines,https://tiny.example,Europe/Kyiv,\n";
    let agencies = String::from_utf8(TestFeed::tiny().files["agency.txt"].clone()).unwrap();
    let other = folder.path().join("second.zip");
    let second = other.to_str().unwrap();
    TestFeed::tiny().file("agency.txt", agencies + two).write_zip(&other);
    let (code, text) = operator.fails(&["import-gtfs", second]).await;
    assert_eq!(code, 1);
    assert_eq!(
        text,
        "admin: feed refused: it looks like feed \"tiny\", which already exists (same agencies: Tiny Lines; 4 of 4 \
         stops are the same, 2 of 2 trips run in both), but its key is \"second\", and all of it would be for sale \
         twice. To update feed \"tiny\", import with --feed tiny; if it really is another feed, import with --new-feed"
    );
    let updated = operator.ok(&["import-gtfs", second, "--feed", "tiny"]).await;
    assert_eq!(updated, "feed tiny: updated");
    assert_eq!(
        operator.ok(&["rename-feed", "tiny", "small"]).await,
        "feed tiny is feed small now; import it with --feed small"
    );
    let listed = operator.ok(&["feeds"]).await;
    assert!(
        listed.starts_with("small  20") && listed.contains("  2 trips, 4 stops, 0 seats held  imported "),
        "{listed}"
    );
    let withdrawn = operator.ok(&["withdraw-feed", "small"]).await;
    assert_eq!(
        withdrawn,
        "feed small: 2 trips are off sale; 0 tickets stay as they were sold"
    );
    assert!(operator.ok(&["feeds"]).await.starts_with("small  withdrawn 20"));
    for unknown in [&["withdraw-feed", "tiny"][..], &["rename-feed", "tiny", "x"]] {
        let (code, text) = operator.fails(unknown).await;
        assert!(
            code == 2 && text.contains("must be the key of a feed, not \"tiny\""),
            "{text}"
        );
    }
    operator.ok(&["import-gtfs", second, "--feed", "small"]).await;
    assert_eq!(operator.ok(&["import-gtfs", zip, "--new-feed"]).await, "feed tiny: new");
}

#[tokio::test]
async fn doubtful_matches_are_shown_and_settled() {
    let operator = Operator::new().await;
    let folder = TempDir::new().unwrap();
    let (cities, path) = (folder.path().join("cities.csv"), folder.path().join("tiny.zip"));
    std::fs::write(&cities, CITIES).unwrap();
    operator.ok(&["import-cities", cities.to_str().unwrap()]).await;
    let zip = path.to_str().unwrap();
    let feed = TestFeed::tiny().replace("calendar.txt", "20261101,20270131", "20990101,20990131");
    feed.write_zip(&path);
    let import = ["import-gtfs", zip, "--window", "2099-01-01..2099-01-31"];
    operator.ok(&import).await;
    assert_eq!(operator.ok(&["doubtful-matches"]).await, "no doubtful matches");
    let pool = &operator.db.pool;
    let (trip, company): (uuid::Uuid, uuid::Uuid) = sqlx::query_as(
        "select t.id, r.company_id from trips t join routes r on r.id = t.route_id where feed_trip_id = 'day'",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    for day in ["2099-01-05", "2099-01-06"] {
        let (trip_id, service_day) = (TripId(trip), day.parse().unwrap());
        let mut conn = pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, "2026-11-01T00:00:00Z".parse().unwrap()).await;
        world.departure(trip_id, service_day).await;
        let ticket = SoldTicket {
            id: TicketId::new(),
            booking_id: BookingId::new(),
            partner_id: world.partner(day).await,
            company_id: CompanyId(company),
            trip_id,
            service_day,
        };
        let sale = Sale {
            segment: (0, 3),
            ..Sale::default()
        };
        world.ticket(&ticket, &sale).await;
    }
    feed.replace("trips.txt", "daily,day", "daily,noon")
        .replace("stop_times.txt", "day,08:00:00,08:00:00", "noon,08:20:00,08:20:00")
        .replace("stop_times.txt", "day,", "noon,")
        .write_zip(&path);
    let run = operator.run(&import).await;
    assert!(
        run.out
            .contains("not for sale until `admin resolve-match` says so: 2\n"),
        "{}{}",
        run.out,
        run.err
    );
    let run = operator
        .run(&["doubtful-matches", "--feed", "tiny", "--limit", "1"])
        .await;
    let lines: Vec<&str> = run.out.lines().collect();
    let id = lines[0].split(' ').next().unwrap();
    assert!(
        id.starts_with("dma_") && lines[0].ends_with("  feed tiny"),
        "{}",
        run.out
    );
    assert_eq!(
        &lines[1..],
        [
            "  sold:      trip \"day\" 2099-01-05 08:00 Kyiv -> 2099-01-05 16:00 Lviv, bus bus-1 with 51 seats, 1 held",
            "  candidate: trip \"noon\" 2099-01-05 08:20 Kyiv -> 2099-01-05 16:00 Lviv, bus bus-1 with 51 seats, 0 held (+20 min)",
            "... and 1 more"
        ]
    );
    assert_eq!(
        operator.ok(&["resolve-match", id, "same-run", "--all-days"]).await,
        "2 matches settled, 2 tickets moved, 2 departures on sale again"
    );
    assert_eq!(operator.fails(&["resolve-match", id, "same-run"]).await.0, 1);
    assert_eq!(operator.fails(&["resolve-match", "x", "same-run"]).await.0, 2);
    assert_eq!(operator.fails(&["resolve-match", id, "perhaps"]).await.0, 2);
    assert_eq!(operator.ok(&["doubtful-matches"]).await, "no doubtful matches");
}

#[tokio::test]
async fn several_fares_are_reported_decided_and_refused_as_the_operator_says() {
    let operator = Operator::new().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tiny");
    let feed = TestFeed::tiny()
        .replace(
            "fare_attributes.txt",
            "long,760.00",
            "other,380.00,UAH,1,0\nlong,760.00",
        )
        .replace("fare_rules.txt", "long,K1", "other,K1,kyiv,lviv\nlong,K1");
    feed.write_folder(&path);
    let path = path.to_str().unwrap();
    let price = "select amount::bigint from fares where origin_zone = 'kyiv' and destination_zone = 'lviv'";

    let refused = operator
        .fails(&["import-gtfs", path, "--several-fares", "refuse"])
        .await;
    assert_eq!(refused.0, 1);
    assert!(
        refused.1.contains("several fares for one pair (1 in all)") && refused.1.contains("\"other\" 380.00 UAH"),
        "{refused:?}"
    );
    let run = operator.run(&["import-gtfs", path]).await;
    assert!(run.out.contains("ambiguous fares: 1\n"), "{}", run.out);
    assert!(
        run.out.contains("\"long\" 760.00 UAH, \"other\" 380.00 UAH"),
        "{}",
        run.out
    );
    assert_eq!(operator.count(price).await, 760);
    operator.ok(&["import-gtfs", path, "--several-fares", "lowest"]).await;
    assert_eq!(operator.count(price).await, 380);
    operator.ok(&["import-gtfs", path, "--adult-fare", "long"]).await;
    assert_eq!(operator.count(price).await, 760);
    operator.ok(&["import-gtfs", path, "--leave-out-fare", "lo*"]).await;
    assert_eq!(operator.count(price).await, 380);
    operator.ok(&["import-gtfs", path, "--several-fares", "withhold"]).await;
    assert_eq!(operator.count("select count(*) from unpriced_scopes").await, 1);
    assert_eq!(
        operator
            .fails(&["import-gtfs", path, "--several-fares", "cheapest"])
            .await
            .0,
        2
    );
}

#[tokio::test]
async fn a_feed_is_fetched_from_its_address_and_malformed_addresses_are_reported() {
    let operator = Operator::new().await;
    let server = FeedServer::start().await;
    server.answer(
        "/gtfs/tiny.zip",
        Answer::ok(TestFeed::tiny().zipped()).header("ETag", "\"1\""),
    );
    let url = server.url("/gtfs/tiny.zip");
    assert_eq!(operator.ok(&["import-gtfs", &url]).await, "feed tiny: new");
    assert_eq!(
        operator.ok(&["import-gtfs", &url]).await,
        "feed tiny: unchanged, nothing to do"
    );
    assert!(
        server.asked()[1].contains("if-none-match: \"1\""),
        "{:?}",
        server.asked()
    );

    let missing = operator
        .fails(&["import-gtfs", &server.url("/nothing?key=secret")])
        .await;
    assert!(
        missing.0 == 1 && missing.1.ends_with("/nothing responded with HTTP 404"),
        "{missing:?}"
    );
    let other = operator.fails(&["import-gtfs", "ftp://x.example/feed.zip"]).await;
    assert_eq!(
        other,
        (
            1,
            "admin: the address has the scheme ftp, which is neither http nor https".to_owned()
        )
    );
}
