//! The same buses as a GTFS-Realtime file.

use std::sync::Arc;

use clients::tracking::gtfs_realtime::proto::{
    FeedEntity, FeedHeader, FeedMessage, Position, VehicleDescriptor, VehiclePosition,
};
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Request, Response, handler};
use prost::Message;

use super::answer::{right, wrong};
use super::{State, Unit, locked};

#[handler]
pub async fn feed(Data(state): Data<&Arc<State>>, request: &Request) -> Response {
    locked(&state.requests).feeds += 1;
    let fault = state.fault();
    if let Some(response) = wrong(&fault).await {
        return response;
    }
    let token = request
        .header(header::AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Bearer "));
    let Some(fleet) = token.and_then(|token| state.account_of(token)) else {
        return StatusCode::UNAUTHORIZED.into();
    };
    let message = FeedMessage {
        header: Some(FeedHeader {
            gtfs_realtime_version: "2.0".to_owned(),
            timestamp: state.clock.now().timestamp().try_into().ok(),
        }),
        entity: state
            .units(fleet.as_deref())
            .filter_map(|unit| entity(state, unit))
            .collect(),
    };
    state.pass().await;
    right(message.encode_to_vec(), &fault)
}

#[expect(clippy::cast_possible_truncation, reason = "the format has single precision")]
fn entity(state: &State, unit: &Unit) -> Option<FeedEntity> {
    let fix = state.fix(unit)?;
    Some(FeedEntity {
        id: format!("entity-{}", unit.id),
        is_deleted: None,
        vehicle: Some(VehiclePosition {
            position: Some(Position {
                latitude: Some(fix.latitude as f32),
                longitude: Some(fix.longitude as f32),
                bearing: fix.course.map(|course| course as f32),
                speed: fix.speed_kmh.map(|kmh| (kmh / 3.6) as f32),
            }),
            timestamp: fix.recorded_at.try_into().ok(),
            vehicle: Some(VehicleDescriptor {
                id: Some(unit.id.to_string()),
                label: Some(unit.name.clone()),
                license_plate: unit.registration_number.clone(),
            }),
        }),
    })
}
