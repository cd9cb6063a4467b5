//! The version of the build, as a metric.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// Registers the version as a label of a constant, the way that Prometheus joins it to other metrics.
pub fn register(registry: &mut Registry) {
    let info = Family::<Build, Gauge>::default();
    info.get_or_create(&Build {
        version: env!("CARGO_PKG_VERSION"),
    })
    .set(1);
    registry.register(
        "prexsell_build_info",
        "The version of the program, as a label; always 1",
        info,
    );
}
