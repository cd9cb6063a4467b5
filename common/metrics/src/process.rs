//! The resources that the process uses, read from `/proc` at each scrape, under the names that all of Prometheus's
//! client libraries use. Without `/proc` there are no values.

use std::fmt::Error;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// Ticks a second of the times in `/proc` (`USER_HZ`): a constant of Linux on all platforms that we build for.
const TICKS: f64 = 100.0;

/// Registers the metrics.
pub fn register(registry: &mut Registry) {
    registry.register_collector(Box::new(Process {
        started_at: started_at(),
    }));
}

#[derive(Debug)]
struct Process {
    /// Seconds since 1970.
    started_at: Option<f64>,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        if let Some(seconds) = cpu_seconds() {
            let metric = ConstCounter::new(seconds);
            let help = "Processor time used by the process";
            let described = encoder.encode_descriptor("process_cpu_seconds", help, None, metric.metric_type())?;
            metric.encode(described)?;
        }
        let gauges = [
            (
                "process_resident_memory_bytes",
                "Resident memory of the process",
                resident_bytes(),
            ),
            ("process_open_fds", "Open files and sockets", open_files()),
            (
                "process_start_time_seconds",
                "Unix time at which the process started",
                self.started_at,
            ),
        ];
        for (name, help, value) in gauges {
            let Some(value) = value else { continue };
            let metric = ConstGauge::new(value);
            metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)?;
        }
        Ok(())
    }
}

/// The fields of `/proc/self/stat` from the third on: the second is a name that may contain anything.
fn stat() -> Option<Vec<f64>> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    // The state is a letter.
    Some(
        fields
            .split_whitespace()
            .map(|field| field.parse().unwrap_or_default())
            .collect(),
    )
}

fn cpu_seconds() -> Option<f64> {
    let stat = stat()?;
    Some((stat.get(11)? + stat.get(12)?) / TICKS)
}

fn started_at() -> Option<f64> {
    let after_boot = stat()?.get(19)? / TICKS;
    let system = fs::read_to_string("/proc/stat").ok()?;
    let booted_at: f64 = system
        .lines()
        .find_map(|line| line.strip_prefix("btime "))?
        .parse()
        .ok()?;
    Some(booted_at + after_boot)
}

fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = resident.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}

fn open_files() -> Option<f64> {
    let open = fs::read_dir("/proc/self/fd").ok()?.count();
    // One of the open files is the directory that is being listed.
    u32::try_from(open.saturating_sub(1)).ok().map(f64::from)
}
