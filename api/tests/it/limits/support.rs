//! Replicas of the API that share a database and a Redis, with a clock that only tests move.

use std::sync::Arc;

use api::server::ServerLimits;
use api::state::{self, State};
use app::api_key;
use chrono::{DateTime, Utc};
use domain::id::PartnerId;
use figment::providers::Serialized;
use kernel::clock::Clock;
use serde_json::Value;
use testing::database::TestDb;
use testing::redis::TestRedis;
use testing::settings::settings;
use testing::world::World;

use crate::harness::OPENING;
use crate::harness::answer::Seen;
use crate::harness::server::{self, Server, Socket};

/// Several replicas.
pub struct Replicas {
    pub db: TestDb,
    pub redis: TestRedis,
    pub clock: Clock,
    servers: Vec<Server>,
}

impl Replicas {
    /// A number of replicas, with the given settings.
    pub async fn open(count: usize, more: &[(&str, Value)]) -> Self {
        let (db, redis) = tokio::join!(TestDb::new(), TestRedis::start());
        let clock = Clock::manual(OPENING.parse::<DateTime<Utc>>().unwrap());
        let figment = settings(&db.url)
            .merge(Serialized::default("redis_url", redis.url()))
            .merge(Serialized::default("rate_limit_patience_ms", 10_000));
        let figment = more.iter().fold(figment, |figment, (name, value)| {
            figment.merge(Serialized::default(name, value))
        });
        let (settings, mut servers) = (server::read(&figment), Vec::new());
        for _ in 0..count {
            let mut state = server::state(db.pool.clone(), &clock, &figment);
            let cache = Arc::clone(&state.platform.cache);
            state.rate_limits = state::rate_limits(&db.pool, &cache, &settings, Some(clock.clone())).unwrap();
            let socket = Socket::bind().await;
            servers.push(socket.serve(state, &settings.public_url, ServerLimits::default()));
        }
        Self {
            db,
            redis,
            clock,
            servers,
        }
    }

    /// The states of all.
    pub fn states(&self) -> impl Iterator<Item = &Arc<State>> {
        self.servers.iter().map(|server| &server.state)
    }

    /// A new partner.
    pub async fn partner(&self, slug: &str) -> PartnerId {
        let mut conn = self.db.pool.acquire().await.unwrap();
        World::new(&mut conn, self.clock.now()).await.partner(slug).await
    }

    /// A live key of a partner.
    pub async fn key(&self, partner_id: PartnerId) -> String {
        let text = api_key::key_text("local", rand::random());
        let mut conn = self.db.pool.acquire().await.unwrap();
        api_key::create(&mut conn, partner_id, "local", "test", &text, self.clock.now())
            .await
            .unwrap();
        text
    }

    /// A GET of one of the replicas.
    pub async fn get(&self, replica: usize, path: &str, headers: &[(&str, &str)]) -> Seen {
        self.send(replica, reqwest::Method::GET, path, headers, "").await
    }

    pub async fn send(
        &self,
        replica: usize,
        method: reqwest::Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Seen {
        let Server { http, base, .. } = &self.servers[replica];
        let mut request = http.request(method, format!("{base}{path}")).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null);
        Seen { status, headers, body }
    }

    /// The names of the keys in Redis.
    pub async fn names(&self) -> Vec<String> {
        let client = redis::Client::open(self.redis.url()).unwrap();
        let mut conn = client.get_multiplexed_async_connection().await.unwrap();
        redis::cmd("KEYS").arg("limit:*").query_async(&mut conn).await.unwrap()
    }

    /// Writes what all replicas have counted.
    pub async fn flush(&self) {
        for state in self.states() {
            state.platform.usage.flush(&self.db.pool).await.unwrap();
        }
    }
}

/// The rate limit headers of a response: class, quota, window, remaining requests, seconds to wait.
pub fn limits(seen: &Seen) -> Option<(String, u64, u64, u64, u64)> {
    let (policy, left) = (seen.header("ratelimit-policy"), seen.header("ratelimit"));
    if policy.is_empty() && left.is_empty() {
        return None;
    }
    let (class, quota, window) = item(policy, ";q=", ";w=");
    let (same, remaining, wait) = item(left, ";r=", ";t=");
    assert_eq!(class, same, "{policy} {left}");
    Some((class, quota, window, remaining, wait))
}

/// Parses a structured field (RFC 9651) of one string with two integers, byte for byte.
fn item(text: &str, first: &str, second: &str) -> (String, u64, u64) {
    let number = |digits: &str| {
        assert!(digits.bytes().all(|b| b.is_ascii_digit()), "{text}");
        digits.parse::<u64>().unwrap()
    };
    let (class, rest) = text.strip_prefix('"').unwrap().split_once('"').unwrap();
    let (a, b) = rest.strip_prefix(first).unwrap().split_once(second).unwrap();
    (class.to_owned(), number(a), number(b))
}
