//! What operations on tracked objects answer with.

use common::db::fms::object;
use common::db::position;
use common::domain::fleet::Provider;
use common::id::{BusId, FmsObjectId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// A page of tracked objects.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FmsObjectList {
    /// By name.
    #[schemars(length(max = 100))]
    pub fms_objects: Vec<FmsObject>,
    /// How many there are without `take` and `skip`.
    #[schemars(example = 12)]
    pub total: i64,
}

/// One tracked object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OneFmsObject {
    /// The object as it is now.
    pub fms_object: FmsObject,
}

/// A tracker at a fleet provider.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FmsObject {
    /// Opaque id.
    pub id: Id<FmsObjectId>,
    /// As the provider has it.
    #[schemars(example = &"Setra K1")]
    pub name: String,
    /// The bus of the company with the same registration number.
    pub bus_id: Option<Id<BusId>>,
    /// What stands on its plate, as far as the provider says.
    #[schemars(example = &"AA 0001 BB")]
    pub registration_number: Option<String>,
    /// Who tracks it.
    pub provider: Word<Provider>,
    /// Whether its position is fetched.
    #[schemars(example = true)]
    pub enabled: bool,
    /// The latest position; null before the first.
    pub last_position: Option<Position>,
}

/// Where an object was.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// North positive, in degrees (WGS 84).
    #[schemars(example = 50.45466)]
    pub latitude: f64,
    /// East positive, in degrees (WGS 84).
    #[schemars(example = 30.5238)]
    pub longitude: f64,
    /// Kilometres an hour; null when the tracker does not say.
    #[schemars(example = 82.5)]
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north, 0 to 359; null when the tracker does not say.
    #[schemars(example = 270)]
    pub course: Option<i16>,
    /// When it was there, by the clock of the tracker.
    pub recorded_at: Instant,
    /// When we heard of it.
    pub received_at: Instant,
}

/// Part of a track.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Track {
    /// Ascending by `recordedAt`.
    #[schemars(length(max = 5000))]
    pub positions: Vec<Position>,
    /// How many the span holds without `take` and `skip`.
    #[schemars(example = 240)]
    pub total: i64,
}

impl From<object::FmsObject> for FmsObject {
    fn from(object: object::FmsObject) -> Self {
        let last_position = || {
            Some(Position {
                latitude: object.latitude?,
                longitude: object.longitude?,
                speed_kmh: object.speed_kmh,
                course: object.course,
                recorded_at: Instant(object.recorded_at?),
                received_at: Instant(object.received_at?),
            })
        };
        Self {
            id: Id(object.id),
            last_position: last_position(),
            name: object.name,
            bus_id: object.bus_id.map(Id),
            registration_number: object.registration_number,
            provider: Word(object.provider),
            enabled: object.enabled,
        }
    }
}

impl From<position::Position> for Position {
    fn from(position: position::Position) -> Self {
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
