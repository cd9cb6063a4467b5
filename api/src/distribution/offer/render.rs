//! Writes the offers of a search from bytes that were rendered before.
//!
//! Only the token, the seats left and the expiry of an offer are new in each response. The rest depends on the
//! published state, the language, the currency and what the company allows the partner to do. It is serialised once,
//! through [`Offer`] itself, so that the bytes match the schema, and compressed once, see [`gzip::blocks`].

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::offer::{Found, Token};
use app::published::Published;
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat};
use domain::id::PermissionId;
use domain::language::Language;
use domain::money::Currency;
use domain::timetable::Connection;
use kernel::memo::Memo;

use super::wire::Offer;
use crate::error::ApiError;
use crate::wire::coding::WORTH_IT;
use crate::wire::gzip::{self, Member};
use crate::wire::rendered::{TakesGzip, Written};

/// Bytes of rendered offers that a process keeps: some 2,000 offers of 4 KB, with their compressed forms.
const KEPT: usize = 12 * 1024 * 1024;

/// Maximum number of compressed forms stored for an offer: they differ by the preceding offer and its distance.
const FORMS: usize = 4;

/// What the fixed bytes of an offer depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    reading: u64,
    connection: Connection,
    currency: Currency,
    language: Language,
    permission: PermissionId,
    accesses: u64,
}

/// The fixed bytes of an offer.
#[derive(Debug)]
struct Fixed {
    id: u64,
    /// From `,"departureDate"` to the quote before the time of expiry.
    middle: Box<str>,
    /// From the quote after it to the end.
    end: Box<str>,
    forms: Mutex<Vec<Form>>,
}

/// `end`, compressed to follow a certain offer.
#[derive(Debug, Clone)]
struct Form {
    /// The preceding offer, and the number of bytes between; `None` for the first offer.
    after: Option<(u64, usize)>,
    blocks: Arc<[u8]>,
}

/// The offers that were rendered recently.
#[derive(Debug)]
pub struct Rendering {
    kept: Memo<Key, Arc<Fixed>>,
    ids: AtomicU64,
}

impl Default for Rendering {
    fn default() -> Self {
        Self {
            kept: Memo::new(KEPT),
            ids: AtomicU64::new(0),
        }
    }
}

/// An offer of a response: its new bytes and its fixed ones.
struct Part {
    /// The new bytes, with all that comes before `end`.
    head: String,
    fixed: Arc<Fixed>,
}

impl Rendering {
    /// A response with offers between `open` and `close`, which are the texts around them in the envelope.
    ///
    /// # Errors
    /// When an offer cannot be serialised, which does not happen.
    pub fn answer(
        &self,
        published: &Published,
        found: Vec<Found>,
        (currency, language): (Currency, Language),
        (open, close): (&str, &str),
        TakesGzip(gzip): TakesGzip,
    ) -> Result<Written, ApiError> {
        let (mut parts, mut all_known): (Vec<Part>, bool) = (Vec::with_capacity(found.len()), true);
        for mut found in found {
            let Some(token) = found.token.take() else { continue };
            let (fixed, known) = match self.fixed(published, &found, currency, language)? {
                Some(fixed) => fixed,
                None => continue,
            };
            all_known &= known;
            let before = if parts.is_empty() { open } else { "," };
            let head = head(before, &token, found.seats_left, &fixed.middle);
            parts.push(Part { head, fixed });
        }
        if parts.is_empty() {
            return Ok(Written::plain(Bytes::from([open, close].concat())));
        }
        let length: usize = parts.iter().map(|part| part.head.len() + part.fixed.end.len()).sum();
        // Compressing well is not worth it for offers that are requested only once.
        if gzip && all_known && length >= WORTH_IT {
            return Ok(Written::packed(join(&parts, close)));
        }
        let mut body = String::with_capacity(length + close.len());
        for part in &parts {
            body.push_str(&part.head);
            body.push_str(&part.fixed.end);
        }
        body.push_str(close);
        Ok(Written::plain(body.into()))
    }

    /// The fixed bytes of an offer, and whether they were stored; `None` for an offer of another timetable.
    fn fixed(
        &self,
        published: &Published,
        found: &Found,
        currency: Currency,
        language: Language,
    ) -> Result<Option<(Arc<Fixed>, bool)>, ApiError> {
        let mut accesses = DefaultHasher::new();
        for access in &found.permission.accesses {
            access.word().hash(&mut accesses);
        }
        let key = Key {
            reading: published.reading,
            connection: found.connection,
            currency,
            language,
            permission: found.permission.id,
            accesses: accesses.finish(),
        };
        if let Some(fixed) = self.kept.get(&key) {
            return Ok(Some((fixed, true)));
        }
        let Some(journey) = published.timetable.journey(&found.connection) else {
            return Ok(None);
        };
        let token = Token {
            text: String::new(),
            expires_at: DateTime::UNIX_EPOCH,
        };
        let offer = Offer::new(
            &Found {
                seats_left: 0,
                ..found.clone()
            },
            &journey,
            token,
            language,
        );
        let fixed = serde_json::to_string(&offer)
            .map_err(|error| format!("an offer cannot be serialized: {error}"))
            .and_then(|text| {
                let (middle, end) = split(&text).ok_or("an offer has another shape")?;
                Ok(Arc::new(Fixed {
                    id: self.ids.fetch_add(1, Ordering::Relaxed),
                    middle: middle.into(),
                    end: end.into(),
                    forms: Mutex::default(),
                }))
            })
            .map_err(ApiError::fault)?;
        // A compressed form has a tenth of the size, a third without a preceding offer; an offer rarely has `FORMS` of
        // them.
        let weight = fixed.middle.len() + fixed.end.len() + fixed.end.len() / 2 + 500;
        self.kept.insert(key, Arc::clone(&fixed), weight);
        Ok(Some((fixed, false)))
    }
}

impl Fixed {
    /// `end`, compressed to follow `before`, which is the given number of bytes away.
    fn blocks(&self, before: Option<(&Self, usize)>) -> Arc<[u8]> {
        let after = before.map(|(before, gap)| (before.id, gap));
        let known = |forms: &Mutex<Vec<Form>>| {
            let forms = forms.lock().unwrap_or_else(PoisonError::into_inner);
            let form = forms.iter().find(|form| form.after == after);
            form.map(|form| Arc::clone(&form.blocks))
        };
        if let Some(blocks) = known(&self.forms) {
            return blocks;
        }
        let (window, gap) = before.map_or(("", 0), |(before, gap)| (&*before.end, gap));
        let blocks: Arc<[u8]> = gzip::blocks(self.end.as_bytes(), window.as_bytes(), gap).into();
        let form = Form {
            after,
            blocks: Arc::clone(&blocks),
        };
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if forms.len() == FORMS {
            forms.remove(0);
        }
        forms.push(form);
        blocks
    }
}

/// The bytes of an offer before `end`: the new ones and `middle`.
fn head(before: &str, token: &Token, seats_left: u16, middle: &str) -> String {
    let expires_at = token.expires_at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let parts = [
        before,
        "{\"id\":\"",
        &token.text,
        "\",\"source\":\"PrexSell\",\"seatsLeft\":",
        &seats_left.to_string(),
        middle,
        &expires_at,
    ];
    parts.concat()
}

/// Splits an offer that was serialised without token, seats and expiry into `middle` and `end`.
fn split(offer: &str) -> Option<(&str, &str)> {
    let rest = offer.strip_prefix("{\"id\":\"\",\"source\":\"PrexSell\",\"seatsLeft\":0")?;
    let expiry = "\"expiresAt\":\"";
    let middle = rest.find(expiry)? + expiry.len();
    let (middle, rest) = rest.split_at(middle);
    Some((middle, rest.strip_prefix("1970-01-01T00:00:00.000Z")?))
}

/// The response in gzip: new bytes are stored as they are, fixed bytes were compressed before.
fn join(parts: &[Part], close: &str) -> Bytes {
    let mut member = Member::new(parts.len() * 1024);
    let mut before: Option<&Fixed> = None;
    for part in parts {
        let blocks = part.fixed.blocks(before.map(|before| (before, part.head.len())));
        member.stored(part.head.as_bytes());
        member.packed(part.fixed.end.as_bytes(), &blocks);
        before = Some(&part.fixed);
    }
    member.stored(close.as_bytes());
    member.finish()
}
