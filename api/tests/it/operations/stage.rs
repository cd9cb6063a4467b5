//! The API, in this process, over a database that has something for every operation to work on, and with callers of
//! every kind.

use crate::harness::OPENING;
use std::sync::Arc;
use std::time::Duration;

use api::server::{ServerLimits, app_around};
use api::state::State;
use app::throttle::Throttle;
use app::timetable::{ImportOptions, import};
use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::id::{CompanyId, PartnerId};
use domain::role::Role;
use domain::throttle::Limits;
use figment::Figment;
use kernel::clock::Clock;
use poem::endpoint::BoxEndpoint;
use poem::test::TestClient;
use poem::{Body, Endpoint, EndpointExt, IntoResponse as _, Request, Response, Route};
use sqlx::PgPool;
use testing::database::TestDb;
use testing::issuer::{CLIENT, Issuer};
use testing::settings::settings;
use testing::world::World;

use crate::harness::feed::{self, COMPANY};
use crate::harness::operation::{ARCHIVE, Operation};
use crate::harness::{server, store};
use crate::operations::answer::{Answer, Call};
use crate::operations::credential::{Cookies, sign_in};
use crate::operations::thing::Things;

/// The origin of our pages.
pub const ORIGIN: &str = "http://127.0.0.1:8080";

/// The header that makes the called operation panic after it has done its work, or never end.
pub const TRAP: &str = "x-trap";

/// A running API.
#[derive(Clone)]
pub struct Stage {
    pub db: TestDb,
    pub clock: Clock,
    pub issuer: Arc<Issuer>,
    pub company: CompanyId,
    pub website: PartnerId,
    /// A key of the first partner, and one of the other.
    pub key: String,
    pub other_key: String,
    /// Administrators of the company and of the first partner.
    pub at_company: Cookies,
    pub at_partner: Cookies,
    /// A platform operator.
    pub at_platform: Cookies,
    /// Things of the first partner or the company, and things of the other partner.
    pub own: Arc<Things>,
    pub foreign: Arc<Things>,
    pub state: Arc<State>,
    client: Arc<TestClient<BoxEndpoint<'static, Response>>>,
}

impl Stage {
    pub async fn open() -> Self {
        let db = TestDb::seeded("stage", seed).await;
        let clock = Clock::manual(OPENING.parse::<DateTime<Utc>>().unwrap());
        let issuer = Arc::new(Issuer::start().await);
        let (state, client) = serve(db.pool.clone(), &clock, &figment(&db, &issuer), ServerLimits::default());
        let company = app::company::named(&db.pool, COMPANY).await.unwrap();
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, clock.now()).await;
        let (website, reseller) = (world.partner("website").await, world.partner("reseller").await);
        let (key, other_key) = (world.key(website, "local").await, world.key(reseller, "local").await);
        drop(conn);
        let at_company = sign_in(&state, &db.pool, Workplace::Company(company), Role::Admin).await;
        let at_partner = sign_in(&state, &db.pool, Workplace::Partner(website), Role::Admin).await;
        let at_platform = sign_in(&state, &db.pool, Workplace::Platform, Role::Operator).await;
        let mut stage = Self {
            db,
            clock,
            issuer,
            company,
            website,
            key,
            other_key,
            at_company,
            at_partner,
            at_platform,
            own: Arc::default(),
            foreign: Arc::default(),
            state,
            client,
        };
        let (key, other_key) = (stage.key.clone(), stage.other_key.clone());
        stage.own = Arc::new(Things::make(&stage, &key, website).await);
        stage.foreign = Arc::new(Things::make(&stage, &other_key, reseller).await);
        stage
    }

    /// Another process over the same database, with its own settings and limits.
    pub fn beside(&self, more: impl FnOnce(Figment) -> Figment, limits: ServerLimits) -> Self {
        self.over(self.db.pool.clone(), more, limits)
    }

    /// The same, with its own connections to a database.
    pub fn over(&self, pool: PgPool, more: impl FnOnce(Figment) -> Figment, limits: ServerLimits) -> Self {
        let figment = more(figment(&self.db, &self.issuer));
        let (state, client) = serve(pool, &self.clock, &figment, limits);
        Self {
            state,
            client,
            ..self.clone()
        }
    }

    /// Another process with a modified state.
    pub fn with_state(&self, change: impl FnOnce(&mut State)) -> Self {
        let mut state = server::state(self.db.pool.clone(), &self.clock, &figment(&self.db, &self.issuer));
        change(&mut state);
        let state = Arc::new(state);
        let client = Arc::new(TestClient::new(endpoint(&state, ServerLimits::default())));
        Self {
            state,
            client,
            ..self.clone()
        }
    }

    /// A call of an operation that succeeds: with a credential, on a thing of the caller, with the body of the
    /// document's example.
    pub fn call(&self, operation: &Operation) -> Call {
        let call = Call::new(operation.method.clone(), &operation.at(&self.id(operation, &self.own)));
        let call = call.and(&self.credential(operation));
        match operation.body.clone() {
            Some(mut body) => {
                // The example of a Google token is not a valid token.
                if let Some(token) = body.get_mut("idToken") {
                    *token = self.issuer.token("nobody@stage.example", self.clock.now()).into();
                }
                // The example of an invitation token is not valid either.
                if let Some(token) = body.get_mut("token") {
                    let id = self.own.like("inv_").parse().unwrap();
                    *token = self.state.invitation_key.sign(id, self.clock.now()).into();
                }
                call.json(&body)
            }
            None if operation.takes_archive => call.archive(ARCHIVE.to_vec()),
            None => call,
        }
    }

    /// The id in the path of an operation, from these things; empty without one.
    pub fn id(&self, operation: &Operation, things: &Things) -> String {
        match operation.example_id() {
            Some(example) => things.like(&example),
            None => String::new(),
        }
    }

    pub async fn send(&self, call: &Call) -> Answer {
        self.send_body(call, Body::from_vec(call.body.clone())).await
    }

    /// Sends a call with any kind of body.
    pub async fn send_body(&self, call: &Call, body: Body) -> Answer {
        let request = self.client.request(call.method.clone(), &call.path);
        let request = call
            .headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, value));
        let response = request.body(body).send().await.0;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().into_vec().await.unwrap();
        Answer {
            status,
            headers,
            text: String::from_utf8(bytes).unwrap(),
        }
    }

    /// Runs statements.
    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.db.pool).await.unwrap();
    }

    /// A text that changes with everything that a caller could do to what is sold, and to keys and sessions.
    pub async fn fingerprint(&self) -> String {
        sqlx::query_scalar(
            "select md5(string_agg(line, E'\\n' order by line)) from (
                 select t::text from tickets t union all select h::text from ticket_history h
                 union all select b::text from bookings b union all select p::text from passengers p
                 union all select s::text from seat_holds s union all select j::text from jobs j
                 union all select concat(k.id, k.revoked_at) from api_keys k
                 union all select concat(s.id, s.revoked_at) from sessions s
                 union all select p::text from partner_permissions p union all select r::text from reports r
                 union all select f::text from trackers f union all select w::text from report_schedules w
                 union all select u::text from timetable_uploads u where status <> 'Receiving'
                 union all select a::text from audit_entries a union all select q::text from paused_queues q
             ) as lines (line)",
        )
        .fetch_one(&self.db.pool)
        .await
        .unwrap()
    }
}

fn figment(db: &TestDb, issuer: &Issuer) -> Figment {
    settings(&db.url)
        .merge(("public_url", ORIGIN))
        .merge(("storage_url", store()))
        // There is no Redis unless a test starts one.
        .merge(("rate_limit_patience_ms", 1))
        .merge(("google_client_id", CLIENT))
        .merge(("google_issuer", issuer.url()))
        .merge(("google_keys_url", issuer.keys_url()))
}

type Client = Arc<TestClient<BoxEndpoint<'static, Response>>>;

fn serve(pool: PgPool, clock: &Clock, figment: &Figment, limits: ServerLimits) -> (Arc<State>, Client) {
    let mut state = server::state(pool, clock, figment);
    let redis = connect::redis::connect(&server::read(figment).redis_url).unwrap();
    state.throttle = Throttle::with(redis, b"secret", Limits::default(), Duration::from_millis(1));
    let state = Arc::new(state);
    let client = Arc::new(TestClient::new(endpoint(&state, limits)));
    (state, client)
}

/// The whole API over a state, with traps around its routes.
pub fn endpoint(state: &Arc<State>, limits: ServerLimits) -> BoxEndpoint<'static, Response> {
    let app = app_around(Arc::clone(state), ORIGIN, limits, Route::new(), trapped);
    app.unwrap().map_to_response().boxed()
}

fn trapped(routes: Route) -> impl Endpoint + 'static {
    routes.around(|routes, request: Request| async move {
        let trap = request.header(TRAP).map(str::to_owned);
        let answer = routes.call(request).await;
        match trap.as_deref() {
            Some("panic") => panic!("on purpose, with whatever it was at: {}", answer.is_ok()),
            Some("hang") => std::future::pending().await,
            _ => answer.map(|answer| answer.into_response()),
        }
    })
}

/// Fills the template database: cities and a feed.
async fn seed(pool: &PgPool) {
    feed::cities(pool).await;
    let source = feed::source(&feed::lines());
    import(pool, OPENING.parse().unwrap(), &source, &ImportOptions::default())
        .await
        .unwrap();
}

/// Limits so short that a test need not wait.
pub fn hasty() -> ServerLimits {
    ServerLimits {
        body: Duration::from_millis(200),
        handler: Duration::from_millis(500),
        archive: Duration::from_millis(500),
        ..ServerLimits::default()
    }
}
