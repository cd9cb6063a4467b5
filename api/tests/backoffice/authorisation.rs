//! Who may call what: every operation of the document that asks for a session, called by everybody.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use common::app::session::Workplace;
use common::db::user::Context;
use common::domain::party::Role;
use common::domain::role::Right;
use common::id::{BookingId, CarrierId, TicketId};
use common::testing::world::{Call, Company, Sale, SoldTicket, World};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::seen::Seen;
use crate::support::Office;

/// Every operation that asks for a session: the right that it asks for (`None`: to be signed in is enough), and the
/// prefix of the id in its path if that belongs to a company or partner (else empty).
const TABLE: [(&str, Option<Right>, &str); 11] = [
    ("listOrders", Some(Right::Orders), ""),
    ("getOrder", Some(Right::Orders), "ord"),
    ("confirmOrder", Some(Right::Orders), "ord"),
    ("rejectOrder", Some(Right::Orders), "ord"),
    ("prepayOrder", Some(Right::Orders), "ord"),
    ("moveOrder", Some(Right::Orders), "ord"),
    ("listPartnerPermissions", Some(Right::Permissions), ""),
    ("setPartnerPermission", Some(Right::Permissions), "prt"),
    ("listApiKeys", Some(Right::Keys), ""),
    ("createApiKey", Some(Right::Keys), ""),
    ("revokeApiKey", Some(Right::Keys), "key"),
];

/// Things that belong to nobody: any company may name any of them, so nobody's is foreign.
const COMMON: [&str; 1] = ["prt"];

/// Operations that ask for neither key nor session. This list may only become shorter, but for ways to sign in.
const OPEN: [&str; 0] = [];

const ROLES: [Role; 4] = [Role::Admin, Role::Manager, Role::Dispatcher, Role::Accountant];

/// An operation of the document, ready to be called.
#[derive(Clone)]
struct Operation {
    name: String,
    method: poem::http::Method,
    path: String,
    body: Option<Value>,
    schemes: Vec<BTreeSet<String>>,
}

impl Operation {
    fn all() -> Vec<Self> {
        let document = api::openapi::document("/").unwrap();
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let method = poem::http::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                operations.push(Self::read(path, method, operation));
            }
        }
        operations
    }

    fn read(path: &str, method: poem::http::Method, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let needed = parameters
            .iter()
            .filter(|p| p["in"] == "query" && p["required"] == true);
        let text = |example: &Value| example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let query: Vec<String> = needed
            .map(|p| format!("{}={}", p["name"].as_str().unwrap(), text(&p["schema"]["example"])))
            .collect();
        let alternatives = operation["security"].as_array().cloned().unwrap_or_default();
        let names = |alternative: &Value| alternative.as_object().unwrap().keys().cloned().collect();
        Self {
            name: operation["operationId"].as_str().unwrap().to_owned(),
            method,
            path: format!("{path}?{}", query.join("&")),
            body: operation
                .pointer("/requestBody/content/application~1json/example")
                .cloned(),
            schemes: alternatives.iter().map(names).collect(),
        }
    }

    /// Whether there is no way around a session.
    fn asks_for_a_session(&self) -> bool {
        !self.schemes.is_empty() && self.schemes.iter().all(|scheme| scheme.contains("session"))
    }

    fn changes(&self) -> bool {
        self.method != poem::http::Method::GET
    }

    /// A body is judged by the schema in the document: it refuses what is not declared.
    async fn judges_its_body(&self, browser: &Browser, id: &str) {
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
    async fn call(&self, browser: &Browser, id: &str) -> Seen {
        let path = match (self.path.find('{'), self.path.find('}')) {
            (Some(start), Some(end)) => format!("{}{id}{}", &self.path[..start], &self.path[end + 1..]),
            _ => self.path.clone(),
        };
        let request = browser
            .http
            .request(self.method.clone(), format!("{}{path}", browser.base));
        let request = match &self.body {
            Some(body) => request.json(body),
            None => request,
        };
        browser.send(request).await
    }
}

/// The row of every operation that asks for a session; panics when one is missing, and says what to add.
fn walked() -> Vec<(Operation, Option<Right>, &'static str)> {
    let operations = Operation::all();
    for operation in &operations {
        let open = OPEN.contains(&operation.name.as_str());
        assert_ne!(
            open,
            operation.schemes.iter().any(|scheme| !scheme.is_empty()),
            "{}: asks for neither key nor session: give it an extractor of api::auth, or add it to OPEN",
            operation.name
        );
    }
    let mut walked = Vec::new();
    for operation in operations.into_iter().filter(Operation::asks_for_a_session) {
        let row = TABLE.iter().find(|(name, ..)| *name == operation.name);
        let Some((_, right, thing)) = row else {
            panic!(
                "{0} asks for a session, but nobody says who may call it. Add to TABLE: (\"{0}\", Some(Right::...), \
                 \"prefix of the id in its path\"), and to Office::thing() how to make one",
                operation.name
            )
        };
        assert_eq!(
            thing.is_empty(),
            !operation.path.contains('{'),
            "{}: the id in its path",
            operation.name
        );
        walked.push((operation, *right, *thing));
    }
    let names: Vec<&str> = walked.iter().map(|(operation, ..)| operation.name.as_str()).collect();
    let gone: Vec<&str> = TABLE
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| !names.contains(name))
        .collect();
    assert!(
        gone.is_empty(),
        "no operation asks for a session under these names, remove them: {gone:?}"
    );
    assert_eq!(names.len(), TABLE.len(), "an operation has one row");
    walked
}

impl Office {
    /// The id of a new thing of the first company, or of the first partner.
    async fn thing(&self, prefix: &str) -> String {
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
            "ord" => self.order().await,
            "key" => {
                let sql = "insert into api_keys (id, partner_id, name, environment, hint, secret_hash, created_at)
                           values (gen_random_uuid(), $1, 'walk', 'local', 'pxs', uuid_send(gen_random_uuid()), now())
                           returning id";
                run(sql, self.website.0).await
            }
            "prt" => self.reseller.to_string(),
            "rpt" => {
                let sql = "insert into reports (id, company_id, date_from, date_to, date_field, status, created_at)
                           values (gen_random_uuid(), $1, '2027-01-01', '2027-01-02', 'createdAt', 'Failed', now())
                           returning id";
                run(sql, self.karpaty.0).await
            }
            other => panic!("say here how to make a thing whose id begins with {other}_"),
        }
    }

    /// An order on a bus of the first company, sold by the first partner.
    async fn order(&self) -> String {
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
        ticket.id.to_string()
    }

    /// Changes with everything that somebody could do to other people's things.
    async fn fingerprint(&self) -> Option<String> {
        sqlx::query_scalar(
            "select md5(string_agg(line, E'\\n' order by line)) from (
                 select t::text from tickets t union all select h::text from ticket_history h
                 union all select k::text from api_keys k union all select p::text from partner_permissions p
                 union all select r::text from reports r union all select f::text from fms_objects f
                 union all select j::text from jobs j
             ) as lines (line)",
        )
        .fetch_one(self.pool())
        .await
        .unwrap()
    }

    /// Everybody with every role: in the first company and with the first partner, then in the others.
    fn places(&self) -> [(Context, Workplace, bool); 4] {
        [
            (Context::Company(self.karpaty), Workplace::Company(self.karpaty), true),
            (Context::Partner(self.website), Workplace::Partner(self.website), true),
            (Context::Company(self.wisla), Workplace::Company(self.wisla), false),
            (
                Context::Partner(self.reseller),
                Workplace::Partner(self.reseller),
                false,
            ),
        ]
    }

    /// Browsers that are not signed in, or not any more, with the code that each gets.
    async fn outsiders(&self) -> Vec<(&'static str, Browser, &'static str)> {
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

#[test]
fn every_operation_that_asks_for_a_session_is_walked() {
    assert!(walked().len() >= 11);
}

#[tokio::test]
async fn nobody_comes_in_without_a_session_or_from_another_site() {
    let office = Office::open().await;
    let outsiders = office.outsiders().await;
    for (operation, right, thing) in walked() {
        let id = office.thing(thing).await;
        let before = office.fingerprint().await;
        for (who, browser, code) in &outsiders {
            let seen = operation.call(browser, &id).await;
            assert_eq!((seen.status, seen.code()), (401, *code), "{}: {who}", operation.name);
        }
        let partners = right.is_some_and(|right| right.context() == common::domain::party::ContextType::Partner);
        let mut insider = if partners {
            office.at_website(Role::Admin).await
        } else {
            office.at_karpaty(Role::Admin).await
        };
        for origin in [None, Some("https://evil.example".to_owned()), Some("null".to_owned())] {
            insider.origin = origin;
            if operation.changes() {
                let seen = operation.call(&insider, &id).await;
                let site = &insider.origin;
                assert_eq!(
                    (seen.status, seen.code()),
                    (403, "FORBIDDEN"),
                    "{}: from {site:?}",
                    operation.name
                );
            }
        }
        assert_eq!(office.fingerprint().await, before, "{}", operation.name);
    }
}

#[tokio::test]
async fn every_role_may_do_what_the_table_says_and_only_to_its_own() {
    let office = Office::open().await;
    for (operation, right, thing) in walked() {
        for (context, workplace, owns) in office.places() {
            for role in ROLES {
                let who = format!("{}: {role} at {context:?}", operation.name);
                let id = office.thing(thing).await;
                let before = office.fingerprint().await;
                let browser = office.signed_in(context, role).await;
                let seen = operation.call(&browser, &id).await;
                let may = right.is_none_or(|right| right.is_held(workplace.context(), role));
                if !may {
                    assert_eq!((seen.status, seen.code()), (403, "FORBIDDEN"), "{who}: {}", seen.body);
                    assert_eq!(office.fingerprint().await, before, "{who}");
                } else if owns || thing.is_empty() || COMMON.contains(&thing) {
                    operation.judges_its_body(&browser, &id).await;
                    assert!(
                        ![401, 403, 404].contains(&seen.status),
                        "{who}: {} {}",
                        seen.status,
                        seen.body
                    );
                } else {
                    assert_eq!(seen.status, 404, "{who}: {}", seen.body);
                    for unknown in [
                        format!("{thing}_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"),
                        "nonsense".to_owned(),
                    ] {
                        let other = operation.call(&browser, &unknown).await;
                        assert_eq!((other.status, &other.body), (404, &seen.body), "{who}: {unknown}");
                    }
                    assert_eq!(office.fingerprint().await, before, "{who}");
                }
            }
        }
    }
}
