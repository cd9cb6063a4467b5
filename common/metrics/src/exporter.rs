//! The answer to a scrape.

use std::fmt;

use prometheus_client::encoding::{prometheus_text, text};
use prometheus_client::registry::Registry;

use crate::{build, process};

/// The metrics of a process, in the order in which they were registered.
#[derive(Debug)]
pub struct Exporter(Registry);

/// A text format of expositions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// The text format of Prometheus, version 0.0.4.
    Prometheus,
}

impl Format {
    /// The format that an `Accept` header asks for: OpenMetrics where it is named, as every Prometheus since 2.5 does;
    /// else the one that everything can read.
    #[must_use]
    pub fn accepted(accept: Option<&str>) -> Self {
        match accept {
            Some(accept) if accept.contains("application/openmetrics-text") => Self::OpenMetrics,
            _ => Self::Prometheus,
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => prometheus_text::CONTENT_TYPE,
        }
    }
}

impl Default for Exporter {
    /// The metrics that every process has: its version, and the resources that it uses.
    fn default() -> Self {
        let mut registry = Registry::default();
        build::register(&mut registry);
        process::register(&mut registry);
        Self(registry)
    }
}

impl Exporter {
    /// The same with one more group of metrics.
    #[must_use]
    pub fn with(mut self, register: impl FnOnce(&mut Registry)) -> Self {
        register(&mut self.0);
        self
    }

    /// The present values.
    ///
    /// # Errors
    /// When a metric cannot be written, which does not happen with the metrics of this project.
    pub fn text(&self, format: Format) -> Result<String, fmt::Error> {
        let mut written = String::with_capacity(16 * 1024);
        match format {
            Format::OpenMetrics => text::encode(&mut written, &self.0)?,
            Format::Prometheus => prometheus_text::encode(&mut written, &self.0)?,
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::{Exporter, Format};

    #[test]
    fn prometheus_gets_open_metrics_and_other_clients_the_plain_format() {
        let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                          text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert_eq!(Format::accepted(Some(prometheus)), Format::OpenMetrics);
        assert_eq!(Format::accepted(Some("text/plain")), Format::Prometheus);
        assert_eq!(Format::accepted(None), Format::Prometheus);
    }

    #[test]
    fn every_process_says_what_it_is_and_what_it_uses() {
        let exporter = Exporter::default();
        let plain = exporter.text(Format::Prometheus).unwrap();
        for line in [
            concat!("prexsell_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1\n"),
            "# TYPE process_cpu_seconds_total counter\n",
            "\nprocess_resident_memory_bytes ",
            "\nprocess_start_time_seconds ",
            "\nprocess_open_fds ",
        ] {
            assert!(plain.contains(line), "{line}: {plain}");
        }
        assert!(exporter.text(Format::OpenMetrics).unwrap().ends_with("# EOF\n"));
    }
}
