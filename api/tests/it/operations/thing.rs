//! Things that operations are called on.

use app::jobs::queue;
use domain::access::Workplace;
use domain::id::PartnerId;
use domain::role::Role;
use domain::tracking::Provider;
use poem::http::Method;
use serde_json::{Value, json};
use testing::world::World;

use crate::harness::DAY;
use crate::harness::operation::Operation;
use crate::operations::answer::Call;
use crate::operations::stage::Stage;

/// The things of a partner, and of a company if they belong to a company.
#[derive(Debug, Default)]
pub struct Things {
    /// An id for each prefix.
    ids: Vec<(&'static str, String)>,
    /// The token of an offer.
    pub offer: String,
}

/// The prefix of an id; the name of a city in URLs has none.
fn prefix(example: &str) -> &str {
    example.split_once('_').map_or("", |(prefix, _)| prefix)
}

impl Operation {
    /// The example of the id in its path.
    pub fn example_id(&self) -> Option<String> {
        let mut parameters = self.declared()["parameters"].as_array().into_iter().flatten();
        let parameter = parameters.find(|parameter| parameter["in"] == "path")?;
        Some(parameter["schema"]["example"].as_str().unwrap().to_owned())
    }
}

impl Things {
    /// Makes a booking of a partner on a bus of the company, and the other things that it may have.
    pub async fn make(stage: &Stage, key: &str, partner_id: PartnerId) -> Self {
        let offer = offer(stage, key, 50, 1).await;
        let booking = sell(stage, key, &offer, 1).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (company, now) = (stage.company, stage.clock.now());
        let mut conn = stage.db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, now).await;
        let account = world
            .tracking_account(company, Provider::Wialon, "http://127.0.0.1:9", None)
            .await;
        let object = world.tracker(account, "1", false).await;
        world.key(partner_id, "local").await;
        let email = format!("{}@thing.example", uuid::Uuid::new_v4().simple());
        let places = [Workplace::Company(company), Workplace::Partner(partner_id)];
        let user = world.person(&email, &places.map(|place| (place, Role::Manager))).await;
        let scalar = async |sql: &'static str, id: uuid::Uuid| -> uuid::Uuid {
            let query = sqlx::query_scalar(sql).bind(id).bind(now);
            query.fetch_one(&stage.db.pool).await.unwrap()
        };
        let report = scalar(
            "insert into reports (id, company_id, date_from, date_to, date_field, status, created_at, ended_at)
             values (gen_random_uuid(), $1, '2027-01-01', '2027-01-02', 'createdAt', 'Failed', $2, $2) returning id",
            company.0,
        )
        .await;
        let schedule = scalar(
            "insert into report_schedules (id, company_id, period, date_field, delimiter, decimal_mark, weekdays, local_time,
                                           language, recipients, enabled, next_at, created_at)
             values (gen_random_uuid(), $1, 'lastWeek', 'createdAt', ',', '.', 1, '07:00', 'UK',
                     array['a@thing.example'], true, $2, $2) returning id",
            company.0,
        )
        .await;
        let discount = scalar(
            "insert into discounts (id, company_id, name, rule, amount, withdrawn_at)
             values (gen_random_uuid(), $1, 'Stage', 'Percent', 10, nullif($2::timestamptz, $2)) returning id",
            company.0,
        )
        .await;
        // Not the key that the partner calls with, since it may be revoked.
        let spare = scalar(
            "select id from api_keys where partner_id = $1 and created_at <= $2 order by id desc limit 1",
            partner_id.0,
        )
        .await;
        let job = scalar(
            "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, finished_at, created_at)
             values (gen_random_uuid(), 'email', 'stage', jsonb_build_object('of', $1::uuid), 'dead', $2, 1, $2, $2) returning id",
            uuid::Uuid::nil(),
        )
        .await;
        let session = scalar(
            "insert into sessions (id, user_id, access_id, salt, created_at, last_used_at, expires_at)
             select ('00000000' || substr(gen_random_uuid()::text, 9))::uuid, user_id, id, decode('00', 'hex'), $2, $2, $2 + interval '1 day'
             from accesses where company_id = $1 and role = 'ADMIN' order by id limit 1 returning id",
            company.0,
        )
        .await;
        let invitation = scalar(
            "insert into invitations (id, company_id, email, role, language, invited_by, created_at, expires_at)
             select gen_random_uuid(), $1, gen_random_uuid()::text, 'MANAGER', 'UK', id, $2, $2 + interval '7 days' from users limit 1
             returning id",
            company.0,
        )
        .await;
        let upload = scalar(
            "insert into timetable_uploads (id, company_id, status, created_at, checked_at, compared_with)
             values (gen_random_uuid(), $1, 'Ready', $2, $2,
                     (select max(f.imported_at) from feeds f join routes r on r.feed_id = f.id where r.company_id = $1))
             returning id",
            company.0,
        )
        .await;
        let slice = text(&booking["tickets"][0]["slices"][0]["id"]);
        let departure: Vec<&str> = slice.split('_').skip(1).take(2).collect();
        let stop = &booking["tickets"][0]["slices"][0]["stops"][0];
        Self {
            ids: vec![
                ("", text(&stop["city"]["slug"])),
                ("cty", text(&stop["city"]["id"])),
                ("stp", text(&stop["cityStopId"])),
                ("bkg", text(&booking["id"])),
                ("ord", text(&booking["tickets"][0]["id"])),
                ("dep", format!("dep_{}", departure.join("_"))),
                ("rpt", format!("rpt_{}", report.simple())),
                ("rps", format!("rps_{}", schedule.simple())),
                ("tup", format!("tup_{}", upload.simple())),
                ("dsc", format!("dsc_{}", discount.simple())),
                ("fms", object.to_string()),
                ("key", format!("key_{}", spare.simple())),
                ("prt", partner_id.to_string()),
                ("usr", user.to_string()),
                ("ses", format!("ses_{}", session.simple())),
                ("inv", format!("inv_{}", invitation.simple())),
                ("job", format!("job_{}", job.simple())),
            ],
            offer,
        }
    }

    /// The thing of the same kind as an example.
    pub fn like(&self, example: &str) -> String {
        // A queue has no id.
        if example == queue::EMAIL.name() {
            return example.to_owned();
        }
        let kind = prefix(example);
        let found = self.ids.iter().find(|(known, _)| *known == kind);
        let (_, id) = found.unwrap_or_else(|| panic!("say in Things::make how to make a thing like {example}"));
        id.clone()
    }
}

/// The token of an offer on the bus with this number of seats, for this number of passengers.
pub async fn offer(stage: &Stage, key: &str, seats: u64, passengers: usize) -> String {
    offer_on(stage, key, seats, passengers, DAY).await
}

/// The same, on another day.
pub async fn offer_on(stage: &Stage, key: &str, seats: u64, passengers: usize, day: &str) -> String {
    let path = format!("/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate={day}&passengers={passengers}");
    let answer = stage.send(&Call::new(Method::GET, &path).with("x-api-key", key)).await;
    let offers = answer.body()["data"]["offers"].clone();
    let mut offers = offers.as_array().unwrap().iter();
    let offer = offers.find(|offer| offer["slices"][0]["bus"]["seatsQty"] == seats);
    offer.expect("an offer")["id"].as_str().unwrap().to_owned()
}

/// A request for a booking.
pub fn order(offer: &str, passengers: usize) -> Value {
    let passenger = json!({ "firstName": "Olena", "lastName": "Kovalenko", "phones": [{ "phone": "+380671234567" }] });
    json!({ "offerId": offer, "currency": "UAH", "passengers": vec![passenger; passengers] })
}

/// Books an offer.
pub async fn sell(stage: &Stage, key: &str, offer: &str, passengers: usize) -> Value {
    let call = Call::new(Method::POST, "/v2/bookings").with("x-api-key", key);
    let answer = stage.send(&call.json(&order(offer, passengers))).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body()["data"]["booking"].clone()
}
