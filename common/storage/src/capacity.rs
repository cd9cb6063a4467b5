//! The free space of a folder, measured on request.

use std::fmt::Error;
use std::path::PathBuf;

use metrics::prometheus_client::collector::Collector;
use metrics::prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use metrics::prometheus_client::metrics::MetricType;
use metrics::prometheus_client::metrics::gauge::ConstGauge;
use metrics::prometheus_client::registry::Registry;

pub(super) fn register(registry: &mut Registry, folder: PathBuf) {
    registry.register_collector(Box::new(Capacity(folder)));
}

#[derive(Debug)]
struct Capacity(PathBuf);

impl Collector for Capacity {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        // The folder is created with the first file; its file system is that of the nearest parent that exists.
        let Some(room) = self.0.ancestors().find_map(|folder| rustix::fs::statvfs(folder).ok()) else {
            return Ok(());
        };
        let help = "Free space for report files, if they are stored in a folder";
        let described = encoder.encode_descriptor("prexsell_store_free_bytes", help, None, MetricType::Gauge)?;
        ConstGauge::new(room.f_bavail.saturating_mul(room.f_frsize)).encode(described)
    }
}
