//! Evaluation of the positions of a poll.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use clients::tracking::Sighting;
use db::position::NewPosition;
use db::tracking::tracker::Tracked;
use domain::geo::Point;
use domain::id::TrackerId;
use domain::position::{Last, RawFix, Rival, Verdict, instant, judge};

/// The outcome for the positions of a poll.
#[derive(Default)]
pub(super) struct Judged {
    /// To be stored.
    pub new: Vec<NewPosition>,
    /// Objects whose positions are dropped, including doubtful ones.
    pub dropped: Vec<TrackerId>,
    /// Positions that contradict the latest ones.
    pub rivals: Vec<(TrackerId, Rival)>,
    /// Positions that were stored as credible and turned out to be wrong.
    pub refuted: Vec<(TrackerId, DateTime<Utc>)>,
}

/// Evaluates a provider's report about these objects. One that is reported twice counts once, with its latest position.
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
    for object in tracked {
        let Some(fix) = seen.get(object.external_id.as_str()) else {
            continue;
        };
        let verdict = fix.map(|fix| judge(fix, last(object), now, retention));
        let (fix, trust) = match verdict {
            Some(Ok(Verdict::Latest { fix, trust, refutes })) => {
                let wrong = object.recorded_at.filter(|_| refutes);
                judged.refuted.extend(wrong.map(|at| (object.id, at)));
                (fix, Some(trust))
            }
            Some(Ok(Verdict::Late(fix))) => (fix, None),
            Some(Ok(Verdict::Repeat)) => continue,
            Some(Ok(Verdict::Doubtful(rival))) => {
                judged.rivals.push((object.id, rival));
                judged.dropped.push(object.id);
                continue;
            }
            Some(Err(_)) | None => {
                judged.dropped.push(object.id);
                continue;
            }
        };
        judged.new.push(NewPosition {
            object_id: object.id,
            fix,
            trust,
        });
    }
    judged
}

fn last(object: &Tracked) -> Option<Last> {
    let rival = || {
        Some(Rival {
            point: Point::new(object.rival_latitude?, object.rival_longitude?)?,
            recorded_at: object.rival_recorded_at?,
            fixes: object.rival_fixes,
        })
    };
    Some(Last {
        point: Point::new(object.latitude?, object.longitude?)?,
        recorded_at: object.recorded_at?,
        trust: object.trust,
        rival: rival(),
    })
}
