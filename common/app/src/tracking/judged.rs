//! Evaluation of the positions of a poll.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use clients::tracking::Sighting;
use db::position::NewPosition;
use db::tracking::tracker::Tracked;
use domain::geo::Point;
use domain::id::TrackerId;
use domain::position::{Last, PositionClass, RawFix, Rival, instant, judge};

/// The outcome for the positions of a poll.
#[derive(Default)]
pub(super) struct Judged {
    /// To be stored.
    pub new: Vec<NewPosition>,
    /// Trackers whose positions are dropped, including doubtful ones.
    pub dropped: Vec<TrackerId>,
    /// Positions that contradict the latest ones.
    pub rivals: Vec<(TrackerId, Rival)>,
    /// Positions that were stored as credible and turned out to be wrong.
    pub refuted: Vec<(TrackerId, DateTime<Utc>)>,
}

/// Evaluates a provider's report about these trackers. One that is reported twice counts once, with its latest
/// position.
pub(super) fn judge_all(
    sightings: &[Sighting],
    tracked: &[Tracked],
    now: DateTime<Utc>,
    retention: TimeDelta,
) -> Judged {
    let mut seen: HashMap<&str, Option<&RawFix>> = HashMap::with_capacity(sightings.len());
    let at = |fix: &RawFix| instant(fix.recorded_at);
    for sighting in sightings {
        let fix = sighting.fix.as_ref();
        let known = seen.entry(&sighting.external_id).or_insert(fix);
        if fix.map(at) > known.map(at) {
            *known = fix;
        }
    }
    let mut judged = Judged::default();
    for tracker in tracked {
        let Some(fix) = seen.get(tracker.external_id.as_str()) else {
            continue;
        };
        let verdict = fix.map(|fix| judge(fix, last(tracker), now, retention));
        let (fix, trust) = match verdict {
            Some(Ok(PositionClass::Latest { fix, trust, refutes })) => {
                let wrong = tracker.recorded_at.filter(|_| refutes);
                judged.refuted.extend(wrong.map(|at| (tracker.id, at)));
                (fix, Some(trust))
            }
            Some(Ok(PositionClass::Late(fix))) => (fix, None),
            Some(Ok(PositionClass::Repeat)) => continue,
            Some(Ok(PositionClass::Doubtful(rival))) => {
                judged.rivals.push((tracker.id, rival));
                judged.dropped.push(tracker.id);
                continue;
            }
            Some(Err(_)) | None => {
                judged.dropped.push(tracker.id);
                continue;
            }
        };
        judged.new.push(NewPosition {
            object_id: tracker.id,
            fix,
            trust,
        });
    }
    judged
}

fn last(tracker: &Tracked) -> Option<Last> {
    let rival = || {
        Some(Rival {
            point: Point::new(tracker.rival_latitude?, tracker.rival_longitude?)?,
            recorded_at: tracker.rival_recorded_at?,
            fixes: tracker.rival_fixes,
        })
    };
    Some(Last {
        point: Point::new(tracker.latitude?, tracker.longitude?)?,
        recorded_at: tracker.recorded_at?,
        trust: tracker.trust,
        rival: rival(),
    })
}
