//! Metrics of a pool of connections to PostgreSQL.

use std::fmt::Error;
use std::sync::LazyLock;
use std::time::Instant;

use ::metrics::prometheus_client::collector::Collector;
use ::metrics::prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use ::metrics::prometheus_client::metrics::MetricType;
use ::metrics::prometheus_client::metrics::gauge::ConstGauge;
use ::metrics::prometheus_client::metrics::histogram::Histogram;
use ::metrics::prometheus_client::registry::Registry;
use ::metrics::{fast_seconds, labels};
use sqlx::PgPool;

labels! {
    /// The state of a connection.
    pub enum ConnectionState {
        /// It is idle.
        Idle = "idle",
        /// It is in use.
        Used = "used",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfState {
    state: ConnectionState,
}

static WAITS: LazyLock<Histogram> = LazyLock::new(fast_seconds);

/// Registers the metrics of a pool.
pub fn register(registry: &mut Registry, pool: PgPool) {
    registry.register(
        "prexsell_pool_wait_seconds",
        "Time spent waiting for a pooled connection, including the start of its transaction",
        WAITS.clone(),
    );
    registry.register_collector(Box::new(Pool(pool)));
}

/// Measures a wait for a connection.
pub async fn waited<T>(connection: impl Future<Output = T>) -> T {
    let asked = Instant::now();
    let got = connection.await;
    WAITS.observe(asked.elapsed().as_secs_f64());
    got
}

#[derive(Debug)]
struct Pool(PgPool);

impl Collector for Pool {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let open = i64::from(self.0.size());
        // The two are read one after the other.
        let idle = i64::try_from(self.0.num_idle()).unwrap_or(i64::MAX).min(open);
        let help = "Open PostgreSQL connections, by whether they are in use";
        let mut connections = encoder.encode_descriptor("prexsell_pool_connections", help, None, MetricType::Gauge)?;
        for (state, count) in [(ConnectionState::Idle, idle), (ConnectionState::Used, open - idle)] {
            ConstGauge::new(count).encode(connections.encode_family(&OfState { state })?)?;
        }
        let help = "Maximum size of the pool";
        let most = encoder.encode_descriptor("prexsell_pool_connections_max", help, None, MetricType::Gauge)?;
        ConstGauge::new(i64::from(self.0.options().get_max_connections())).encode(most)
    }
}
