//! Histograms with the bounds that metrics of a kind share, so that they can be compared and added up.

use prometheus_client::metrics::histogram::Histogram;

/// Seconds of what usually takes milliseconds or less: requests, waits for a connection, statements.
const FAST: [f64; 16] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0,
];

/// Seconds of what may take minutes: jobs, calls of providers. A quantile never exceeds the last bound, so it must be
/// above the thresholds of all alerts.
const SLOW: [f64; 16] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0, 1800.0, 3600.0,
];

/// Sizes of batches.
const COUNTS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Seconds, from a tenth of a millisecond to half a minute.
#[must_use]
pub fn fast_seconds() -> Histogram {
    Histogram::new(FAST)
}

/// Seconds, from five milliseconds to an hour.
#[must_use]
pub fn seconds() -> Histogram {
    Histogram::new(SLOW)
}

/// The size of a batch, from 1 to 256.
#[must_use]
pub fn counts() -> Histogram {
    Histogram::new(COUNTS)
}
