//! What stands in the file.

use app::report::{self, Generated};
use app::work::Work;
use chrono::TimeDelta;
use db::report::NewReport;
use domain::id::{BookingId, TicketId};
use domain::report::DateField;
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use domain::ticket::{PaymentStatus, TicketStatus};
use rust_decimal::dec;
use testing::world::{Sale, SoldTicket, World};

use crate::report::support::Stage;

async fn made(stage: &Stage, from: &str, to: &str, field: DateField) -> Vec<Vec<String>> {
    let asked = stage.ask_for(from, to, field).await;
    assert_eq!(
        report::generate(&stage.generator(), asked.id).await.unwrap(),
        Generated::Now
    );
    let file = stage.the_file(asked.id).await;
    std::fs::remove_dir_all(stage.folder.path().join("reports")).unwrap();
    let records = csv::Reader::from_reader(file.as_bytes()).into_records();
    records
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[tokio::test]
async fn every_cell_is_what_was_sold() {
    let stage = Stage::selling(&Sale {
        first_name: "Олена;=1+1, \"Леся\"\nМарія".to_owned(),
        price: dec!(1250.50),
        refund_amount: Some(dec!(1000.05)),
        status: TicketStatus::Refund,
        payment_status: PaymentStatus::Paid,
        ..Sale::default()
    })
    .await;
    sqlx::raw_sql(
        "update tickets set full_price = 1300.60;
         update partners set name = '=cmd|'' /C calc''!A0';
         update buses set registration_number = null, key = '@bus';",
    )
    .execute(stage.pool())
    .await
    .unwrap();
    let asked = stage.ask().await;
    report::generate(&stage.generator(), asked).await.unwrap();
    let file = stage.the_file(asked).await;
    let (order, booking) = (stage.sold.id, stage.sold.booking_id);
    // The refund is in the passenger's currency; the boarding in Kyiv, the company too.
    let expected = format!(
        "\u{feff}\"Order id\",\"Booking id\",\"Created\",\"Status\",\"Payment status\",\"Route\",\"Departure\",\"From\",\"To\",\
         \"Seat\",\"Passenger\",\"Phone\",\"Price\",\"Currency\",\"Discount\",\"Refund\",\"Partner\",\"Carrier bus\"\r\n\
         \"{order}\",\"{booking}\",\"2027-02-01T12:00:00+02:00\",\"Refund\",\"Paid\",\"Kyiv-Warsaw\",\
         \"2027-02-08T06:30:00+02:00\",\"Київ, Kyiv Central\",\"Warsaw, Warszawa Zachodnia\",17,\
         \"Олена;'=1+1, \"\"Леся\"\"\nМарія Shevchenko\",\"'+380501112233\",1250.50,\"UAH\",50.10,1000.05,\
         \"'=cmd|' /C calc'!A0\",\"karpaty fleet,' @bus\"\r\n"
    );
    assert_eq!(file, expected);
    let key = stage.report(asked).await.object_key.unwrap();
    assert!(key.ends_with("/1/orders-2027-02-01_2027-02-28.csv"), "{key}");
}

#[tokio::test]
async fn reports_that_differ_in_their_dialect_alone_are_made_side_by_side() {
    let stage = Stage::new().await;
    let ask = async |dialect| {
        let new = NewReport {
            dialect,
            ..stage.wish(stage.company(), "2027-02-01", "2027-02-28", DateField::CreatedAt)
        };
        let work = Work::Own(stage.pool().clone());
        let asked = report::request(&work, &stage.clock, 9, new, &crate::report::support::cause("d")).await;
        asked.unwrap().id
    };
    let mut asked = Vec::new();
    for (delimiter, decimal) in Delimiter::ALL
        .iter()
        .flat_map(|delimiter| DecimalMark::ALL.iter().map(move |decimal| (*delimiter, *decimal)))
    {
        let id = ask(Dialect { delimiter, decimal }).await;
        assert_eq!(ask(Dialect { delimiter, decimal }).await, id, "the same is the same");
        asked.push((id, delimiter, decimal));
    }
    for (id, delimiter, decimal) in asked {
        assert_eq!(report::generate(&stage.generator(), id).await.unwrap(), Generated::Now);
        let key = stage.report(id).await.object_key.unwrap();
        let file = std::fs::read_to_string(stage.folder.path().join(key)).unwrap();
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter.byte())
            .from_reader(file.as_bytes());
        let record = reader.into_records().next().unwrap().unwrap();
        let price = format!("1250{}00", char::from(decimal.byte()));
        let discount = format!("0{}00", char::from(decimal.byte()));
        assert_eq!((&record[12], &record[14], record.len()), (&*price, &*discount, 18));
    }
    let (_, listed) = report::list(stage.pool(), stage.company(), None, 50, 0).await.unwrap();
    assert_eq!(listed, 6);
}

/// While a release is rolled out, programs of the one before ask for reports as well.
#[tokio::test]
async fn the_release_before_can_still_ask_for_reports() {
    let stage = Stage::new().await;
    let new = NewReport {
        dialect: Dialect {
            delimiter: Delimiter::Semicolon,
            decimal: DecimalMark::Comma,
        },
        ..stage.wish(stage.company(), "2027-02-01", "2027-02-28", DateField::CreatedAt)
    };
    let work = Work::Own(stage.pool().clone());
    report::request(&work, &stage.clock, 2, new, &crate::report::support::cause("new"))
        .await
        .unwrap();
    let insert = "insert into reports (id, company_id, date_from, date_to, date_field, created_at)
        values (gen_random_uuid(), $1, '2027-02-01', '2027-02-28', 'createdAt', now())
        on conflict (company_id, date_from, date_to, date_field) where status in ('Pending', 'Processing') do nothing";
    let mut stored = Vec::new();
    for _ in 0..2 {
        let done = sqlx::query(insert).bind(stage.company().0).execute(stage.pool()).await;
        stored.push(done.unwrap().rows_affected());
    }
    assert_eq!(stored, [1, 0]);
    // And this release finds that one.
    stage.ask().await;
    let (_, listed) = report::list(stage.pool(), stage.company(), None, 50, 0).await.unwrap();
    assert_eq!(listed, 2);
}

#[tokio::test]
async fn an_order_with_missing_values_is_listed() {
    let stage = Stage::selling(&Sale {
        phones: Vec::new(),
        ..Sale::default()
    })
    .await;
    sqlx::raw_sql("update stops set city_id = null; delete from departure_calls where position = 1;")
        .execute(stage.pool())
        .await
        .unwrap();
    let rows = made(&stage, "2027-02-01", "2027-02-01", DateField::CreatedAt).await;
    assert_eq!(rows.len(), 1);
    let cells = [6, 7, 8, 11, 15].map(|column: usize| rows[0][column].as_str());
    assert_eq!(cells, ["2027-02-08T06:30:00+02:00", "Kyiv Central", "", "", ""]);
}

#[tokio::test]
async fn days_are_days_of_the_company_both_ends_included_whichever_date_counts() {
    let stage = Stage::new().await;
    let mut conn = stage.pool().acquire().await.unwrap();
    // 23:59:59 on the last day of January in Kyiv, 0:00 and 23:59:59 of 1 February, 0:00 of the 2nd.
    for at in [
        "2027-01-31T21:59:59Z",
        "2027-01-31T22:00:00Z",
        "2027-02-01T21:59:59Z",
        "2027-02-01T22:00:00Z",
    ] {
        let mut world = World::new(&mut conn, at.parse().unwrap()).await;
        let ticket = SoldTicket {
            id: TicketId::new(),
            booking_id: BookingId::new(),
            ..stage.sold
        };
        let free = Sale {
            status: TicketStatus::Canceled,
            ..Sale::default()
        };
        world.ticket(&ticket, &free).await;
    }
    drop(conn);
    let created = async |from, to| {
        let rows = made(&stage, from, to, DateField::CreatedAt).await;
        rows.into_iter().map(|mut row| row.remove(2)).collect::<Vec<_>>()
    };
    assert_eq!(
        created("2027-02-01", "2027-02-01").await,
        [
            "2027-02-01T00:00:00+02:00",
            "2027-02-01T12:00:00+02:00",
            "2027-02-01T23:59:59+02:00"
        ]
    );
    assert_eq!(created("2027-01-31", "2027-02-02").await.len(), 5);
    assert_eq!(created("2027-02-03", "2027-02-03").await.len(), 0);
    // All of them board on 8 February at 6:30.
    let boarding = async |from, to| made(&stage, from, to, DateField::DepartureDate).await.len();
    assert_eq!(boarding("2027-02-08", "2027-02-08").await, 5);
    assert_eq!(boarding("2027-02-01", "2027-02-07").await, 0);
}

#[tokio::test]
async fn an_unpaid_order_reads_as_uncompleted_though_no_sweep_came_by() {
    let stage = Stage::new().await;
    let status = async || made(&stage, "2027-02-01", "2027-02-01", DateField::CreatedAt).await[0][3].clone();
    assert_eq!(status().await, "Processing");
    stage.clock.advance(TimeDelta::minutes(20));
    assert_eq!(status().await, "Uncompleted");
}

#[tokio::test]
async fn orders_of_other_companies_are_left_out() {
    let stage = Stage::new().await;
    let mut conn = stage.pool().acquire().await.unwrap();
    let mut world = World::new(&mut conn, stage.clock.now()).await;
    let wisla = world.company("wisla").await.id;
    drop(conn);
    let new = stage.wish(wisla, "2027-02-01", "2027-02-28", DateField::CreatedAt);
    let asked = report::request(
        &Work::Own(stage.pool().clone()),
        &stage.clock,
        2,
        new,
        &crate::report::support::cause("w"),
    )
    .await
    .unwrap();
    report::generate(&stage.generator(), asked.id).await.unwrap();
    let [file] = &*stage.files() else { panic!("one file") };
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text.lines().count(), 1, "the head alone: {text}");
}

#[tokio::test]
async fn a_large_report_is_whole_in_order_and_tells_how_far_it_is() {
    let stage = Stage::crowded(30_000).await;
    let asked = stage.ask().await;
    report::generate(&stage.generator(), asked).await.unwrap();
    let file = stage.the_file(asked).await;
    assert!(file.len() > 5 * 1024 * 1024, "several parts");
    let rows: Vec<_> = csv::Reader::from_reader(file.as_bytes())
        .into_records()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), 30_001);
    assert!(rows.is_sorted_by(|a, b| a[2] <= b[2]), "by the date that counts");
    let prices = rows[1..].iter().map(|row| row[12].to_owned());
    assert!(prices.eq((1..=30_000).map(|n| format!("{}.{:02}", n / 100, n % 100))));
}
