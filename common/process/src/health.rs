//! `/healthz` (the process is alive) and `/readyz` (it can do its work), on every process; also `/metrics` on processes
//! whose address is not public.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::metrics::Exporter;
use connect::redis::Redis;
use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{EndpointExt, IntoResponse, Route, get, handler};
use redis::{ErrorKind, RedisError};
use serde_json::json;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::listen::listen_on;
use super::metrics;
use super::probe_cache::ProbeCache;

/// How long one check may take.
const TIMEOUT: Duration = Duration::from_secs(2);

const SILENT_REDIS: &str = "Redis does not answer";

/// A check for [`Health::with_check`]: a process that was asked to end takes no new work.
pub fn until(shutdown: CancellationToken) -> impl Fn() -> Result<(), &'static str> + Send + Sync + 'static {
    move || match shutdown.is_cancelled() {
        false => Ok(()),
        true => Err("the process is ending"),
    }
}

type OwnCheck = Arc<dyn Fn() -> Result<(), &'static str> + Send + Sync>;

/// What a process needs to do its work.
#[derive(Clone)]
pub struct Health {
    pool: PgPool,
    redis: Option<(Redis, Vec<String>)>,
    own: OwnCheck,
    outside: Arc<ProbeCache<Vec<&'static str>>>,
}

impl Health {
    /// A process that needs the database.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            redis: None,
            own: Arc::new(|| Ok(())),
            outside: Arc::default(),
        }
    }

    /// Adds a Redis, which must accept writes beside these keys. The connection must not be one that sends blocking
    /// commands.
    #[must_use]
    pub fn with_redis(self, redis: Redis, keys: Vec<String>) -> Self {
        Self {
            redis: Some((redis, keys)),
            ..self
        }
    }

    /// Adds a check of the process's own, which names what is wrong.
    #[must_use]
    pub fn with_check(self, check: impl Fn() -> Result<(), &'static str> + Send + Sync + 'static) -> Self {
        Self {
            own: Arc::new(check),
            ..self
        }
    }

    /// The problems that keep it from working; empty if it is ready. External systems are asked once a second at most,
    /// for any number of requests.
    pub async fn problems(&self) -> Vec<&'static str> {
        let mut problems = self.outside.get(Instant::now(), self.ask()).await;
        problems.extend((self.own)().err());
        problems
    }

    /// Problems of the systems that the process depends on.
    async fn ask(&self) -> Vec<&'static str> {
        let database = async {
            let mut conn = self.pool.acquire().await.ok()?;
            connect::postgres::ping_on(&mut conn).await.ok()
        };
        let (database, redis) = tokio::join!(tokio::time::timeout(TIMEOUT, database), self.redis_problem());
        let mut problems = Vec::new();
        if !matches!(database, Ok(Some(()))) {
            problems.push("the database does not answer");
        }
        problems.extend(redis);
        problems
    }

    async fn redis_problem(&self) -> Option<&'static str> {
        let (redis, keys) = self.redis.as_ref()?;
        let proof = tokio::time::timeout(TIMEOUT, redis.prove(keys)).await;
        proof.map_or(Some(SILENT_REDIS), |proof| proof.as_ref().err().map(problem_of_redis))
    }

    /// The probes (200 or 503 with `{"problems": [..]}`) and the metrics.
    fn routes(self, exporter: Exporter) -> impl poem::Endpoint + 'static {
        Route::new()
            .at("/healthz", get(healthz))
            .at("/readyz", get(readyz))
            .at(metrics::PATH, get(metrics::scrape))
            .data(self)
            .data(Arc::new(exporter))
    }
}

/// The problem when Redis fails.
#[must_use]
pub fn problem_of_redis(error: &RedisError) -> &'static str {
    match error.kind() {
        // It responded, but refused the write.
        ErrorKind::Server(_) | ErrorKind::Extension => "Redis does not accept writes",
        _ => SILENT_REDIS,
    }
}

#[handler]
fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "problems": [] }))
}

#[handler]
async fn readyz(health: Data<&Health>) -> poem::Response {
    let problems = health.problems().await;
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    Json(json!({ "problems": problems }))
        .with_status(status)
        .into_response()
}

/// Serves probes and metrics until the process ends. Port 0 takes any free port; the log names it.
///
/// # Errors
/// When the address is taken.
pub async fn serve(listen: SocketAddr, health: Health, exporter: Exporter) -> std::io::Result<()> {
    listen_on(listen, "serving health endpoints", health.routes(exporter)).await
}
