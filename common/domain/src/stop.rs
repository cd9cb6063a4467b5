//! Stops: where passengers board and alight.

use std::sync::Arc;

use super::city::{City, Names};
use crate::id::StopId;

/// A stop that belongs to a city.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Its id.
    pub id: StopId,
    /// Its names.
    pub names: Names,
    /// Street address or description.
    pub address: Option<Box<str>>,
    /// Platform.
    pub platform: Option<Box<str>>,
    /// WGS 84.
    pub latitude: f64,
    /// WGS 84.
    pub longitude: f64,
    /// Its city.
    pub city: Arc<City>,
}
