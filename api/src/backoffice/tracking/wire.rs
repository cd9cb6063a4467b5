//! Response bodies of the operations on tracked objects.

use app::tracking::account;
use domain::id::{BusId, TrackerId};
use domain::tracking::Provider;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// A page of tracked objects.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FmsObjectList {
    /// Sorted by name.
    #[schemars(length(max = 100))]
    pub fms_objects: Vec<FmsObject>,
    /// Total number of objects, regardless of `take` and `skip`.
    #[schemars(example = 12)]
    pub total: i64,
}

/// A single tracked object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OneFmsObject {
    /// The object in its current state.
    pub fms_object: FmsObject,
}

/// An object that a tracking provider tracks.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FmsObject {
    /// Opaque id.
    pub id: Id<TrackerId>,
    /// Name of the object at the provider.
    #[schemars(example = &"Setra K1")]
    pub name: String,
    /// Id of the bus of the company that has the same registration number.
    pub bus_id: Option<Id<BusId>>,
    /// Registration number, if the provider reports it.
    #[schemars(example = &"AA 0001 BB")]
    pub registration_number: Option<String>,
    /// Tracking provider of the object.
    pub provider: Word<Provider>,
    /// Whether tracking is on.
    #[schemars(example = true)]
    pub enabled: bool,
    /// Latest position; null if there is no position yet.
    pub last_position: Option<Position>,
}

/// A position of a tracked object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Latitude in degrees (WGS 84); north is positive.
    #[schemars(example = 50.45466)]
    pub latitude: f64,
    /// Longitude in degrees (WGS 84); east is positive.
    #[schemars(example = 30.5238)]
    pub longitude: f64,
    /// Speed in kilometres per hour; null if the tracker does not report it.
    #[schemars(example = 82.5)]
    pub speed_kmh: Option<f64>,
    /// Course in degrees clockwise from north, 0 to 359; null if the tracker does not report it.
    #[schemars(example = 270)]
    pub course: Option<i16>,
    /// When the tracker recorded the position, by the clock of the tracker.
    pub recorded_at: Instant,
    /// When the platform received the position.
    pub received_at: Instant,
}

/// A page of positions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Track {
    /// Sorted by `recordedAt` in ascending order.
    #[schemars(length(max = 5000))]
    pub positions: Vec<Position>,
    /// Total number of positions in the span, regardless of `take` and `skip`.
    #[schemars(example = 240)]
    pub total: i64,
}

impl From<account::Tracker> for FmsObject {
    fn from(tracker: account::Tracker) -> Self {
        let last_position = || {
            Some(Position {
                latitude: tracker.latitude?,
                longitude: tracker.longitude?,
                speed_kmh: tracker.speed_kmh,
                course: tracker.course,
                recorded_at: Instant(tracker.recorded_at?),
                received_at: Instant(tracker.received_at?),
            })
        };
        Self {
            id: Id(tracker.id),
            last_position: last_position(),
            name: tracker.name,
            bus_id: tracker.bus_id.map(Id),
            registration_number: tracker.registration_number,
            provider: Word(tracker.provider),
            enabled: tracker.enabled,
        }
    }
}

impl From<account::Position> for Position {
    fn from(position: account::Position) -> Self {
        Self {
            latitude: position.latitude,
            longitude: position.longitude,
            speed_kmh: position.speed_kmh,
            course: position.course,
            recorded_at: Instant(position.recorded_at),
            received_at: Instant(position.received_at),
        }
    }
}
