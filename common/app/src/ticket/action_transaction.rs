//! The transaction of actions of one partner on different bookings: one read of everything that they depend on, one
//! write of all rows (`db::ticket::action`). Each is decided by itself.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use connect::postgres::Trouble;
use db::record::Records;
use db::ticket::Update;
use db::ticket::action::{Change, Found};
use domain::id::{BookingId, PartnerId};
use domain::ticket::Action;
use domain::timetable::Timetable;

use super::action_queue::{Answer, Done, Waiting};
use super::action_request::{READINGS, Request, Side};
use super::action_result::{Changed, Journeys, journeys};
use crate::Platform;
use crate::error::{AppError, AppResult, Noun, chain};
use crate::work::{Tx, Work};

/// What is decided on an action: its effect, or an error of its own; `None` if it needs a transaction of its own.
type Decision = Option<AppResult<Effect>>;

/// What an action writes, and the tickets after it.
struct Effect {
    updates: Vec<Update>,
    records: Records,
    changed: Changed,
}

/// An action of the group.
struct Member<'a> {
    request: Request<'a>,
    booking_id: BookingId,
    /// Whether it needs a transaction of its own.
    is_alone: bool,
}

/// Actions of a partner, each on a booking of its own.
struct Group<'a> {
    platform: &'a Platform,
    partner_id: PartnerId,
    members: Vec<Member<'a>>,
    now: DateTime<Utc>,
}

/// Carries out actions of a partner, each on a booking of its own, in a transaction that has locked nothing yet. The
/// answers are in their order.
///
/// # Errors
/// Those that concern all of them: the database does not answer, or the timetable keeps changing.
pub(super) async fn carry_out(
    platform: &Platform,
    work: &Work,
    mut tx: Tx,
    partner_id: PartnerId,
    waiting: &[Waiting],
) -> AppResult<Vec<Answer>> {
    let members = waiting.iter().map(|one| Member::of(platform, partner_id, one));
    let mut group = Group {
        platform,
        partner_id,
        members: members.collect(),
        now: platform.clock.now(),
    };
    for _ in 0..READINGS {
        let decisions = match group.attempt(&mut tx).await {
            Ok(Some(decisions)) => decisions,
            Ok(None) => continue,
            Err(error) if concerns_one(&error, waiting.len()) => {
                tracing::info!(
                    error = chain(&error),
                    actions = waiting.len(),
                    "actions continue in transactions of their own"
                );
                return Ok(waiting.iter().map(|_| Ok(None)).collect());
            }
            Err(error) => return Err(error),
        };
        if decisions.iter().any(|decision| matches!(decision, Some(Ok(_)))) {
            tx.commit().await?;
        } else {
            drop(tx);
        }
        let decided = group.members.iter().zip(decisions);
        return Ok(decided
            .map(|(member, decision)| member.answer(decision, work))
            .collect());
    }
    Err(AppError::Unavailable("the timetable keeps changing"))
}

/// Whether an error before the commit may concern one action only, so that the others may still succeed: a departure is
/// locked for long, or a row cannot be read or written.
fn concerns_one(error: &AppError, actions: usize) -> bool {
    match error {
        AppError::DatabaseUnavailable { trouble, .. } => *trouble == Trouble::Collision,
        _ => actions > 1,
    }
}

impl Group<'_> {
    /// Reads, decides and writes; `None`, and nothing is written, if something has changed since it was read.
    async fn attempt(&mut self, tx: &mut Tx) -> AppResult<Option<Vec<Decision>>> {
        let open = self.members.iter().filter(|member| !member.is_alone);
        let bookings: Vec<BookingId> = open.map(|member| member.booking_id).collect();
        let (version, published_version, found) = db::ticket::action::read(tx, self.partner_id, &bookings).await?;
        let published = self.platform.published.at_hand();
        let published = published.filter(|published| published.timetable.version() == published_version);
        let timetable = published.as_ref().map(|published| &published.timetable);
        let found = self.sharing(found, timetable.is_some());
        if found.values().flatten().any(|found| found.was_reread) {
            return Ok(None);
        }
        let journeys = journeys(tx, &found.values().flatten().collect::<Vec<_>>(), timetable).await?;
        let decisions = self.decide(tx, found, &journeys, timetable).await;
        let is_written = self.write(tx, version, &decisions).await?;
        Ok(is_written.then_some(decisions))
    }

    /// The tickets of the actions that can share the transaction, by booking. The other actions are marked, and their
    /// bookings are not read again: that could lock departures in another order than theirs.
    fn sharing(&mut self, found: Vec<Found>, has_rates: bool) -> HashMap<BookingId, Vec<Found>> {
        let mut by_booking: HashMap<BookingId, Vec<Found>> = HashMap::new();
        for found in found {
            by_booking.entry(found.booking_id).or_default().push(found);
        }
        for member in &mut self.members {
            let found = by_booking.get(&member.booking_id);
            member.is_alone = found.is_none_or(|found| !member.can_share(found, has_rates, self.now));
            if member.is_alone {
                by_booking.remove(&member.booking_id);
            }
        }
        by_booking
    }

    async fn decide(
        &self,
        tx: &mut Tx,
        mut found: HashMap<BookingId, Vec<Found>>,
        journeys: &Journeys,
        timetable: Option<&Timetable>,
    ) -> Vec<Decision> {
        let mut decisions = Vec::with_capacity(self.members.len());
        for member in &self.members {
            let Some(found) = found.remove(&member.booking_id) else {
                decisions.push(None);
                continue;
            };
            decisions.push(Some(member.effect(tx, found, journeys, timetable, self.now).await));
        }
        decisions
    }

    /// Writes the effects, if there are any; `false` when the published state has changed.
    async fn write(&self, tx: &mut Tx, version: i64, decisions: &[Decision]) -> AppResult<bool> {
        let changes = self.members.iter().zip(decisions).filter_map(|(member, decision)| {
            let Some(Ok(effect)) = decision else {
                return None;
            };
            Some(Change {
                updates: &effect.updates,
                records: &effect.records,
                cause: &member.request.actor.cause,
            })
        });
        let changes: Vec<Change<'_>> = changes.collect();
        let Some(first) = self.members.first().filter(|_| !changes.is_empty()) else {
            return Ok(true);
        };
        // All of them are the partner's own.
        let actor = &first.request.actor.name;
        db::ticket::action::write(tx, version, self.partner_id, actor, None, &changes, self.now).await
    }
}

impl<'a> Member<'a> {
    fn of(platform: &'a Platform, partner_id: PartnerId, waiting: &'a Waiting) -> Self {
        Self {
            request: Request {
                platform,
                actor: &waiting.actor,
                partner_id,
                action: waiting.action,
                tickets: waiting.tickets.as_deref(),
                side: Side::Partner,
            },
            booking_id: waiting.booking_id,
            is_alone: false,
        }
    }

    /// Whether these tickets are all that the action depends on. A ticket whose departure is not locked has moved;
    /// tickets that get a seat back depend on the others of their departure, and refunds on exchange rates, which are
    /// in memory or have to be read.
    fn can_share(&self, found: &[Found], has_rates: bool, now: DateTime<Utc>) -> bool {
        found.iter().all(|found| found.departure.is_some())
            && !self.request.revives(found, now)
            && (has_rates || self.request.action != Action::Cancel)
    }

    /// The effect on the tickets of its booking. Nothing is read for it ([`can_share`](Self::can_share)).
    async fn effect(
        &self,
        tx: &mut Tx,
        found: Vec<Found>,
        journeys: &Journeys,
        timetable: Option<&Timetable>,
        now: DateTime<Utc>,
    ) -> AppResult<Effect> {
        let (updates, seats, records) = self.request.changes(tx, &found, timetable, now).await?;
        let changed = Changed::new(found, journeys, &updates, &seats, now)?;
        Ok(Effect {
            updates,
            records,
            changed,
        })
    }

    /// The answer after the end of the transaction. Counts usage and frees seats in memory.
    fn answer(&self, decision: Decision, work: &Work) -> Answer {
        let Some(effect) = decision.transpose()? else {
            return Ok(None);
        };
        effect.changed.done(&self.request, work);
        let changed = effect.updates.iter().map(|update| update.id).collect();
        let booking = effect.changed.booking().ok_or(AppError::NotFound(Noun::Booking))?;
        Ok(Some(Done { booking, changed }))
    }
}
