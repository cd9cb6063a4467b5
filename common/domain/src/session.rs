//! Sessions of users (contract section 6): the transitions when a refresh token is presented. The tokens themselves are
//! in [`token`].

use chrono::{DateTime, TimeDelta, Utc};

pub mod token;

/// How long an access token is valid.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// Lifetime of a session after its latest rotation.
pub const LIFETIME: TimeDelta = TimeDelta::days(30);

/// How long a superseded refresh token still yields its successor, from the moment of the rotation that superseded it:
/// the tabs of a browser refresh at the same time. Nothing that happens later prolongs it.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(20);

/// The parts of a session that its refresh tokens depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The generation that is valid now; it counts from 0.
    pub generation: u32,
    /// When the latest generations before it were superseded, oldest first. The last of them is the moment of the
    /// rotation that made the valid token.
    pub superseded_at: Vec<DateTime<Utc>>,
    /// When the current token was first issued again; `None` while it was issued only once.
    pub repeated_at: Option<DateTime<Utc>>,
    /// When the session ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// The outcome when a refresh token is presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// The valid one: it is superseded, and this is the family afterwards.
    Rotated(Family),
    /// One that was superseded moments ago, or the current one while it is issued several times: the response is the
    /// current one, the same for every request, and this is the family afterwards.
    Repeated(Family),
    /// One that was superseded long ago, so it was copied. The session must be revoked.
    Replayed,
    /// The session has ended.
    Over,
}

impl Family {
    /// The family of a session that begins.
    #[must_use]
    pub fn begin(now: DateTime<Utc>) -> Self {
        Self {
            generation: 0,
            superseded_at: Vec::new(),
            repeated_at: None,
            expires_at: now + LIFETIME,
            revoked_at: None,
        }
    }

    /// Whether the session can be used.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Presents the (genuine) token of a generation.
    ///
    /// Tabs of a browser share their cookies, and their responses overtake each other. So that no tab is left with a
    /// superseded token, a current token that was issued more than once is not superseded within the leeway of its own
    /// rotation: other responses with it may still be in flight. The hold ends with that leeway, regardless of how
    /// often the token is presented, so a copied token becomes invalid 20 seconds after the first use that follows the
    /// hold, and re-use after that is detected.
    #[must_use]
    pub fn present(&self, generation: u32, now: DateTime<Utc>) -> Presented {
        if !self.is_live(now) {
            return Presented::Over;
        }
        // There are no tokens of future generations.
        let Some(age) = self.generation.checked_sub(generation) else {
            return Presented::Over;
        };
        if age == 0 {
            let held = self.repeated_at.is_some() && self.superseded_at.last().is_some_and(|at| fresh(*at, now));
            return if held {
                Presented::Repeated(self.clone())
            } else {
                Presented::Rotated(self.rotated(now))
            };
        }
        let superseded_at = usize::try_from(age)
            .ok()
            .and_then(|age| self.superseded_at.len().checked_sub(age))
            .and_then(|index| self.superseded_at.get(index));
        match superseded_at {
            Some(at) if fresh(*at, now) => Presented::Repeated(Self {
                repeated_at: self.repeated_at.or(Some(now)),
                ..self.clone()
            }),
            _ => Presented::Replayed,
        }
    }

    fn rotated(&self, now: DateTime<Utc>) -> Self {
        let remembered = self.superseded_at.iter().filter(|at| fresh(**at, now));
        Self {
            generation: self.generation + 1,
            superseded_at: remembered.copied().chain([now]).collect(),
            repeated_at: None,
            expires_at: now + LIFETIME,
            revoked_at: None,
        }
    }
}

/// Whether a rotation was within the leeway. Clocks of replicas differ a little, so it may also lie ahead; one that
/// lies further ahead than the leeway gives no leeway at all.
fn fresh(rotated_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - rotated_at).abs() <= LEEWAY
}

#[cfg(test)]
mod tests;
