//! GTFS-Realtime vehicle positions (<https://gtfs.org/documentation/realtime/reference/>): one file over HTTP with all
//! vehicles of an operator. A token, if there is one, is sent as `Authorization: Bearer`. Only the requested vehicles
//! of the file leave this client.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::position::RawFix;
use prost::Message;
use secrecy::{ExposeSecret, SecretString};

use super::{Access, Listed, Sighting, TrackingError, TrackingProvider, answer, text};

/// Reads vehicle positions.
#[derive(Debug, Clone)]
pub struct GtfsRealtime {
    http: reqwest::Client,
}

/// The fields that are used of `FeedMessage` and what is in it; numbers as in gtfs-realtime.proto.
#[expect(missing_docs, reason = "fields are named and explained in gtfs-realtime.proto")]
pub mod proto {
    #[derive(Clone, PartialEq, prost::Message)]
    pub struct FeedMessage {
        #[prost(message, optional, tag = "1")]
        pub header: Option<FeedHeader>,
        #[prost(message, repeated, tag = "2")]
        pub entity: Vec<FeedEntity>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct FeedHeader {
        #[prost(string, tag = "1")]
        pub gtfs_realtime_version: String,
        #[prost(uint64, optional, tag = "3")]
        pub timestamp: Option<u64>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct FeedEntity {
        #[prost(string, tag = "1")]
        pub id: String,
        #[prost(bool, optional, tag = "2")]
        pub is_deleted: Option<bool>,
        #[prost(message, optional, tag = "4")]
        pub vehicle: Option<VehiclePosition>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct VehiclePosition {
        #[prost(message, optional, tag = "2")]
        pub position: Option<Position>,
        #[prost(uint64, optional, tag = "5")]
        pub timestamp: Option<u64>,
        #[prost(message, optional, tag = "8")]
        pub vehicle: Option<VehicleDescriptor>,
    }

    #[derive(Clone, Copy, PartialEq, prost::Message)]
    pub struct Position {
        #[prost(float, optional, tag = "1")]
        pub latitude: Option<f32>,
        #[prost(float, optional, tag = "2")]
        pub longitude: Option<f32>,
        #[prost(float, optional, tag = "3")]
        pub bearing: Option<f32>,
        #[prost(float, optional, tag = "5")]
        pub speed: Option<f32>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct VehicleDescriptor {
        #[prost(string, optional, tag = "1")]
        pub id: Option<String>,
        #[prost(string, optional, tag = "2")]
        pub label: Option<String>,
        #[prost(string, optional, tag = "3")]
        pub license_plate: Option<String>,
    }
}

use proto::{FeedEntity, FeedMessage, VehiclePosition};

impl GtfsRealtime {
    /// A client over these connections.
    #[must_use]
    pub const fn new(http: reqwest::Client) -> Self {
        Self { http }
    }

    async fn fetch(&self, access: &Access) -> Result<FeedMessage, TrackingError> {
        let url = reqwest::Url::parse(&access.url)
            .map_err(|_| TrackingError::Refused("its address is not a URL".to_owned()))?;
        let mut request = self.http.get(url);
        if let Some(token) = &access.token {
            request = request.bearer_auth(token.expose_secret());
        }
        read(&answer(request, None).await?)
    }
}

fn read(bytes: &[u8]) -> Result<FeedMessage, TrackingError> {
    let malformed = |what: &str| TrackingError::Malformed(format!("not a GTFS-Realtime feed: {what}"));
    let feed = FeedMessage::decode(bytes).map_err(|_| malformed("the message cannot be decoded"))?;
    match &feed.header {
        Some(header) if header.gtfs_realtime_version.starts_with(['1', '2']) => Ok(feed),
        Some(_) => Err(malformed("its version is neither 1 nor 2")),
        None => Err(malformed("it has no header")),
    }
}

#[async_trait]
impl TrackingProvider for GtfsRealtime {
    async fn log_in(&self, _: &Access) -> Result<Option<SecretString>, TrackingError> {
        Ok(None)
    }

    async fn list(&self, access: &Access) -> Result<Vec<Listed>, TrackingError> {
        let feed = self.fetch(access).await?;
        Ok(vehicles(&feed).map(|(id, _, vehicle)| listed(id, vehicle)).collect())
    }

    async fn positions(&self, access: &Access, external_ids: &[String]) -> Result<Vec<Sighting>, TrackingError> {
        let wanted: HashSet<&str> = external_ids.iter().map(String::as_str).collect();
        let feed = self.fetch(access).await?;
        let made_at = feed.header.as_ref().and_then(|header| header.timestamp);
        Ok(vehicles(&feed)
            .filter(|(id, ..)| wanted.contains(id.as_str()))
            .filter_map(|(id, _, vehicle)| sighting(id, vehicle, made_at))
            .collect())
    }
}

/// The vehicles of a feed with their identifiers: their id, else their label, else the id of the entity.
fn vehicles(feed: &FeedMessage) -> impl Iterator<Item = (String, &FeedEntity, &VehiclePosition)> {
    feed.entity
        .iter()
        .filter(|entity| entity.is_deleted != Some(true))
        .filter_map(|entity| {
            let vehicle = entity.vehicle.as_ref()?;
            let named = vehicle.vehicle.as_ref();
            let id = named
                .and_then(|named| named.id.as_deref())
                .and_then(text)
                .or_else(|| named.and_then(|named| named.label.as_deref()).and_then(text))
                .or_else(|| text(&entity.id))?;
            Some((id, entity, vehicle))
        })
}

fn listed(id: String, vehicle: &VehiclePosition) -> Listed {
    let named = vehicle.vehicle.as_ref();
    let label = named.and_then(|named| named.label.as_deref()).and_then(text);
    let plate = named.and_then(|named| named.license_plate.as_deref()).and_then(text);
    Listed {
        name: label.or_else(|| plate.clone()).unwrap_or_else(|| id.clone()),
        external_id: id,
        registration_number: plate,
    }
}

/// A vehicle without a timestamp of its own (0 is none) has that of the file. Without either there is no position,
/// since the file may be of any age.
fn sighting(external_id: String, vehicle: &VehiclePosition, made_at: Option<u64>) -> Option<Sighting> {
    let position = vehicle.position?;
    let fix = || {
        Some(RawFix {
            latitude: degrees(position.latitude?),
            longitude: degrees(position.longitude?),
            speed_kmh: position.speed.map(|meters_a_second| f64::from(meters_a_second) * 3.6),
            course: position.bearing.map(f64::from),
            recorded_at: i64::try_from(time(vehicle.timestamp).or_else(|| time(made_at))?).ok()?,
        })
    };
    Some(Sighting {
        external_id,
        fix: fix(),
    })
}

/// A timestamp that is set.
fn time(timestamp: Option<u64>) -> Option<u64> {
    timestamp.filter(|timestamp| *timestamp != 0)
}

/// A single-precision degree without meaningless digits (its resolution is 4e-6 or better up to 64 degrees).
fn degrees(value: f32) -> f64 {
    (f64::from(value) * 1e5).round() / 1e5
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use rstest::rstest;

    use super::proto::{FeedEntity, FeedHeader, FeedMessage, Position, VehicleDescriptor, VehiclePosition};
    use super::{TrackingError, listed, read, sighting, vehicles};

    fn feed() -> FeedMessage {
        FeedMessage {
            header: Some(FeedHeader {
                gtfs_realtime_version: "2.0".to_owned(),
                timestamp: Some(1_358_761_600),
            }),
            entity: vec![FeedEntity {
                id: "e1".to_owned(),
                is_deleted: None,
                vehicle: Some(VehiclePosition {
                    position: Some(Position {
                        latitude: Some(53.920_55),
                        longitude: Some(27.492_115),
                        bearing: Some(102.0),
                        speed: Some(20.0),
                    }),
                    timestamp: Some(1_358_761_631),
                    vehicle: Some(VehicleDescriptor {
                        id: None,
                        label: Some("K1".to_owned()),
                        license_plate: Some("AA 0001".to_owned()),
                    }),
                }),
            }],
        }
    }

    #[test]
    fn reads_place_speed_and_plate() {
        let feed = read(&feed().encode_to_vec()).unwrap();
        let (id, _, vehicle) = vehicles(&feed).next().unwrap();
        assert_eq!(id, "K1");
        let fix = sighting(id.clone(), vehicle, None).unwrap().fix.unwrap();
        assert!((fix.latitude - 53.920_55).abs() < 1e-9 && (fix.longitude - 27.492_12).abs() < 1e-9);
        assert_eq!(fix.speed_kmh.map(f64::round), Some(72.0));
        assert_eq!(fix.recorded_at, 1_358_761_631);
        assert_eq!(listed(id, vehicle).registration_number.as_deref(), Some("AA 0001"));
    }

    #[test]
    fn a_vehicle_without_a_time_was_there_when_the_file_was_made() {
        let mut feed = feed();
        feed.entity[0].vehicle.as_mut().unwrap().timestamp = None;
        let (id, _, vehicle) = vehicles(&feed).next().unwrap();
        let at = |made_at| {
            sighting(id.clone(), vehicle, made_at)
                .unwrap()
                .fix
                .map(|fix| fix.recorded_at)
        };
        assert_eq!((at(Some(5)), at(Some(0)), at(None)), (Some(5), None, None));
        feed.entity[0].vehicle.as_mut().unwrap().timestamp = Some(0);
        let (id, _, vehicle) = vehicles(&feed).next().unwrap();
        let fix = sighting(id, vehicle, Some(5)).unwrap().fix;
        assert_eq!(fix.map(|fix| fix.recorded_at), Some(5));
    }

    #[rstest]
    #[case::vendor(b"not valid pb data", "cannot be decoded")]
    #[case::html(b"<html>Not found</html>", "cannot be decoded")]
    #[case::empty(b"", "no header")]
    fn what_is_no_feed_is_said_to_be_none(#[case] bytes: &[u8], #[case] says: &str) {
        let Err(TrackingError::Malformed(reason)) = read(bytes) else {
            panic!("taken for a feed")
        };
        assert!(reason.contains(says), "{reason}");
    }

    #[test]
    fn a_feed_that_was_cut_off_is_none() {
        let whole = feed().encode_to_vec();
        assert!(read(&whole[..whole.len() - 3]).is_err());
    }
}
