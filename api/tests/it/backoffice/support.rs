//! The API behind a real socket, over a database with two companies and two partners, and with a clock that only tests
//! move.

use std::sync::{Arc, Mutex};

use crate::harness::OPENING;

use api::auth::cookie;
use api::server::ServerLimits;
use api::state::State;
use app::{Platform, session};
use chrono::{DateTime, TimeDelta, Utc};
use domain::access::Workplace;
use domain::id::{CompanyId, PartnerId, UserId};
use domain::role::Role;
use domain::session::token::AccessClaims;
use figment::Figment;
use figment::providers::Serialized;
use kernel::clock::Clock;
use sqlx::PgPool;
use testing::database::TestDb;
use testing::settings::settings;
use testing::world::World;

use crate::harness::browser::Browser;
use crate::harness::server::{self, Server, Socket};
use crate::harness::store;

/// A running API.
pub struct Office {
    pub db: TestDb,
    pub platform: Platform,
    pub clock: Clock,
    pub state: Arc<State>,
    pub karpaty: CompanyId,
    pub wisla: CompanyId,
    pub website: PartnerId,
    pub reseller: PartnerId,
    server: Server,
    replicas: Mutex<Vec<Server>>,
}

impl Office {
    pub async fn open() -> Self {
        Self::open_with(|settings| settings).await
    }

    /// An office with its own settings.
    pub async fn open_with(more: impl FnOnce(Figment) -> Figment) -> Self {
        let db = TestDb::new().await;
        let clock = Clock::manual(OPENING.parse::<DateTime<Utc>>().unwrap());
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, clock.now()).await;
        let (karpaty, wisla) = (world.company("karpaty").await.id, world.company("wisla").await.id);
        let (website, reseller) = (world.partner("website").await, world.partner("reseller").await);
        drop(conn);
        let socket = Socket::bind().await;
        let figment = more(
            settings(&db.url)
                .merge(Serialized::default("public_url", &socket.base))
                .merge(Serialized::default("storage_url", store())),
        );
        let public_url = server::read(&figment).public_url;
        let state = server::state(db.pool.clone(), &clock, &figment);
        let server = socket.serve(state, &public_url, ServerLimits::default());
        Self {
            db,
            platform: server.state.platform.clone(),
            clock,
            state: Arc::clone(&server.state),
            karpaty,
            wisla,
            website,
            reseller,
            server,
            replicas: Mutex::default(),
        }
    }

    pub fn pool(&self) -> &PgPool {
        &self.platform.pool
    }

    /// Moves the clock.
    pub fn wait(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// A browser that is not signed in, at a page of this origin.
    pub fn browser(&self) -> Browser {
        Browser {
            http: self.server.http.clone(),
            base: Arc::clone(&self.server.base),
            origin: Some(self.server.base.to_string()),
            cookies: Arc::default(),
        }
    }

    /// Keeps another process of the same API running; returns a browser that uses it and is not signed in.
    pub fn beside(&self, server: Server) -> Browser {
        let base = Arc::clone(&server.base);
        self.replicas.lock().unwrap().push(server);
        Browser { base, ..self.browser() }
    }

    /// A user with these accesses.
    pub async fn person(&self, email: &str, accesses: &[(Workplace, Role)]) -> UserId {
        let mut conn = self.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, self.clock.now()).await;
        world.person(email, accesses).await
    }

    /// The browser of a new user in this role, with the access token of a session that began just now.
    pub async fn signed_in(&self, place: Workplace, role: Role) -> Browser {
        let email = format!("{}@office.example", uuid::Uuid::new_v4().simple());
        let mut conn = self.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, self.clock.now()).await;
        let user_id = world.person(&email, &[(place, role)]).await;
        let access_id = world.access(user_id, place).await;
        let session_id = session::begin(&mut conn, user_id, access_id, [1; 16], None, self.clock.now())
            .await
            .unwrap();
        let claims = AccessClaims { session_id, access_id };
        let token = self.state.session_key.sign(claims, self.clock.now()).unwrap();
        let browser = self.browser();
        browser.set_cookie(cookie::ACCESS, &token);
        browser
    }

    /// A user of the first company.
    pub async fn at_karpaty(&self, role: Role) -> Browser {
        self.signed_in(Workplace::Company(self.karpaty), role).await
    }

    /// A user of the other company.
    pub async fn at_wisla(&self, role: Role) -> Browser {
        self.signed_in(Workplace::Company(self.wisla), role).await
    }

    /// A platform operator.
    pub async fn at_platform(&self) -> Browser {
        self.signed_in(Workplace::Platform, Role::Operator).await
    }

    /// A user of the first partner.
    pub async fn at_website(&self, role: Role) -> Browser {
        self.signed_in(Workplace::Partner(self.website), role).await
    }
}
