//! The parts of the walk in `authorisation`: operations out of the document, things to call them on, users who call.

use api::route::policy::Caller;
use api::routes::TABLE;
use chrono::TimeDelta;
use domain::access::Workplace;
use domain::departure::DepartureId;
use domain::id::{BookingId, CarrierId, TicketId};
use domain::role::{Right, Role};
use serde_json::json;
use testing::world::{Call, Company, Sale, SoldTicket, World};

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;
use crate::harness::operation::{ARCHIVE, Operation, ZIP};

impl Operation {
    /// Whether it cannot be called without a session.
    pub fn asks_for_a_session(&self) -> bool {
        !self.schemes.is_empty() && self.schemes.iter().all(|scheme| scheme.contains("session"))
    }

    /// Whether it is a POST below `/v2`.
    pub fn is_post(&self) -> bool {
        self.method == poem::http::Method::POST && self.path.starts_with("/v2/")
    }

    /// The right that it requires of a user, as the table of routes names it.
    pub fn right(&self) -> Option<Right> {
        match TABLE.named(&self.name).unwrap().policy.caller {
            Caller::Staff(right) => Some(right),
            _ => None,
        }
    }

    /// The prefix of the example id in its path; empty without an id.
    pub fn prefix(&self) -> &str {
        let id = self.examples.first().map_or("", String::as_str);
        id.split('_').next().unwrap_or_default()
    }

    /// Checks that the schema in the document validates the body: undeclared fields are refused.
    pub async fn judges_its_body(&self, browser: &Browser, id: &str) {
        if self.body.is_some() {
            let nonsense = Self {
                body: Some(json!({ "nonsense": 1 })),
                ..self.clone()
            };
            let seen = nonsense.call(browser, id).await;
            assert!(seen.fields().contains(&"nonsense unknown".to_owned()), "{}", self.name);
        }
    }

    /// Calls it with this id in its path.
    pub async fn call(&self, browser: &Browser, id: &str) -> Seen {
        browser.send(self.request(browser, id)).await
    }

    /// The request of such a call.
    pub fn request(&self, browser: &Browser, id: &str) -> reqwest::RequestBuilder {
        let request = browser
            .http
            .request(self.method.clone(), format!("{}{}", browser.base, self.at(id)));
        match &self.body {
            Some(body) => request.json(body),
            None if self.takes_archive => request.header("content-type", ZIP).body(ARCHIVE.to_vec()),
            None => request,
        }
    }
}

impl Office {
    /// The id of a new thing of the first company, or of the first partner.
    pub async fn thing(&self, prefix: &str) -> String {
        let run = async |sql: &'static str, owner: uuid::Uuid| -> String {
            let id: uuid::Uuid = sqlx::query_scalar(sql)
                .bind(owner)
                .fetch_one(self.pool())
                .await
                .unwrap();
            format!("{prefix}_{}", id.simple())
        };
        match prefix {
            "" => String::new(),
            "ord" => self.order().await.id.to_string(),
            "dep" => {
                let SoldTicket {
                    trip_id, service_day, ..
                } = self.order().await;
                DepartureId { trip_id, service_day }.to_string()
            }
            "email" => prefix.to_owned(),
            "job" => {
                let sql = "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, finished_at, created_at)
                           values (gen_random_uuid(), 'email', 'walk', jsonb_build_object('of', $1::uuid), 'dead', now(), 1, now(), now()) returning id";
                run(sql, uuid::Uuid::nil()).await
            }
            "key" => {
                let sql = "insert into api_keys (id, partner_id, name, environment, hint, secret_hash, created_at)
                           values (gen_random_uuid(), $1, 'walk', 'local', 'pxs', uuid_send(gen_random_uuid()), now())
                           returning id";
                run(sql, self.website.0).await
            }
            "usr" => {
                // In both workplaces: users of either may name it.
                let places = [Workplace::Company(self.karpaty), Workplace::Partner(self.website)];
                let email = format!("{}@walk.example", uuid::Uuid::new_v4().simple());
                let accesses = places.map(|place| (place, Role::Manager));
                self.person(&email, &accesses).await.to_string()
            }
            "ses" => {
                let sql = "insert into sessions (id, user_id, access_id, salt, created_at, last_used_at, expires_at)
                           select ('00000000' || substr(gen_random_uuid()::text, 9))::uuid, user_id, id, decode('00', 'hex'), now(), now(), now() + interval '1 day'
                           from accesses where company_id = $1 limit 1 returning id";
                run(sql, self.karpaty.0).await
            }
            "inv" => {
                let sql = "insert into invitations (id, company_id, email, role, language, invited_by, created_at, expires_at)
                           select gen_random_uuid(), $1, gen_random_uuid()::text, 'MANAGER', 'UK', id, now(), now()
                           from users limit 1 returning id";
                run(sql, self.karpaty.0).await
            }
            "dsc" => {
                let sql = "insert into discounts (id, company_id, name, rule, amount)
                           values (gen_random_uuid(), $1, gen_random_uuid()::text, 'Percent', 10) returning id";
                run(sql, self.karpaty.0).await
            }
            "tup" => {
                let sql =
                    "insert into timetable_uploads (id, company_id, status, created_at, checked_at, compared_with)
                           values (gen_random_uuid(), $1, 'Ready', now(), now(), (select max(imported_at) from feeds))
                           returning id";
                run(sql, self.karpaty.0).await
            }
            "prt" => self.reseller.to_string(),
            "rpt" => {
                let sql = "insert into reports (id, company_id, date_from, date_to, date_field, status, created_at, ended_at)
                           values (gen_random_uuid(), $1, '2027-01-01', '2027-01-02', 'createdAt', 'Failed', now(), now())
                           returning id";
                run(sql, self.karpaty.0).await
            }
            "rps" => {
                let sql = "insert into report_schedules (id, company_id, period, date_field, delimiter, decimal_mark, weekdays,
                                                         local_time, language, recipients, enabled, next_at, created_at)
                           values (gen_random_uuid(), $1, 'lastWeek', 'createdAt', ',', '.', 1, '07:00', 'UK',
                                   array['a@walk.example'], true, now(), now())
                           returning id";
                run(sql, self.karpaty.0).await
            }
            "fms" => {
                let sql = "with account as (
                               insert into tracking_accounts (id, company_id, provider, name, url, next_poll_at, next_sync_at,
                                                              created_at)
                               values (gen_random_uuid(), $1, 'Wialon', gen_random_uuid()::text, 'http://127.0.0.1:9', now(), now(), now())
                               returning id, company_id
                           )
                           insert into trackers (id, account_id, company_id, external_id, name)
                           select gen_random_uuid(), id, company_id, 'walk', 'walk' from account returning id";
                run(sql, self.karpaty.0).await
            }
            other => panic!("say here how to make a thing whose id begins with {other}_"),
        }
    }

    /// An order on a bus of the first company, sold by the first partner.
    async fn order(&self) -> SoldTicket {
        let mut conn = self.pool().acquire().await.unwrap();
        let carrier = sqlx::query_scalar("select id from carriers where company_id = $1");
        let carrier_id = carrier
            .bind(self.karpaty.0)
            .fetch_one(&mut *conn)
            .await
            .map(CarrierId)
            .unwrap();
        let company = Company {
            id: self.karpaty,
            carrier_id,
        };
        let mut world = World::new(&mut conn, self.clock.now()).await;
        let name = uuid::Uuid::new_v4().simple().to_string();
        let city = world.city(&name, "UA", "Europe/Kyiv", &[]).await;
        let stops = [world.stop(city, "from").await, world.stop(city, "to").await];
        let calls = [(stops[0], 30_000), (stops[1], 60_000)].map(|(stop_id, time)| Call {
            stop_id,
            arrival: time,
            departure: time,
        });
        let (route, bus) = (world.route(company, &name).await, world.bus(company, &name, 50).await);
        let service_day = (self.clock.now() + TimeDelta::days(7)).date_naive();
        let ticket = SoldTicket {
            id: TicketId::new(),
            booking_id: BookingId::new(),
            partner_id: self.website,
            company_id: self.karpaty,
            trip_id: world.trip(route, bus, &[service_day], &calls).await,
            service_day,
        };
        world.departure(ticket.trip_id, service_day).await;
        world.ticket(&ticket, &Sale::default()).await;
        ticket
    }

    /// A text that changes with everything that a caller could do to things of others.
    pub async fn fingerprint(&self) -> Option<String> {
        sqlx::query_scalar(
            "select md5(string_agg(line, E'\\n' order by line)) from (
                 select t::text from tickets t union all select h::text from ticket_history h
                 union all select k::text from api_keys k union all select p::text from partner_permissions p
                 union all select r::text from reports r union all select f::text from trackers f
                 union all select j::text from jobs j union all select a::text from audit_entries a
                 union all select q::text from paused_queues q union all select i::text from invitations i
                 union all select p::text from users p where email like '%@walk.example'
                 union all select d::text from departures d union all select l::text from departure_history l
                 union all select c::text from companies c union all select u::text from refund_rules u
                 union all select s::text from discounts s union all select w::text from report_schedules w
                 union all select t::text from timetable_uploads t where status <> 'Receiving'
             ) as lines (line)",
        )
        .fetch_one(self.pool())
        .await
        .unwrap()
    }

    /// Browsers that are not signed in, or no longer, with the code that each gets.
    pub async fn outsiders(&self) -> Vec<(&'static str, Browser, &'static str)> {
        let expired = self.at_karpaty(Role::Admin).await;
        self.wait(TimeDelta::minutes(16));
        let (revoked, dismissed) = (self.at_karpaty(Role::Admin).await, self.at_karpaty(Role::Admin).await);
        let forged = self.browser();
        let token = dismissed.cookie(api::auth::cookie::ACCESS).unwrap();
        forged.set_cookie(api::auth::cookie::ACCESS, &format!("{}A", &token[..token.len() - 2]));
        let latest = "(select id from sessions order by id desc limit 1)";
        for change in [
            format!("delete from accesses where id = (select access_id from sessions where id = {latest})"),
            format!("update sessions set revoked_at = created_at where id = {latest}"),
        ] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(change))
                .execute(self.pool())
                .await
                .unwrap();
        }
        vec![
            ("nobody", self.browser(), "UNAUTHORIZED"),
            ("a forger", forged, "UNAUTHORIZED"),
            ("somebody who was dismissed", dismissed, "UNAUTHORIZED"),
            ("somebody whose token has ended", expired, "SESSION_EXPIRED"),
            ("somebody whose session was revoked", revoked, "SESSION_EXPIRED"),
        ]
    }
}
