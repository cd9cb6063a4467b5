//! Seating on a departure that the caller's transaction has locked; shared by sales, revivals and moves.

use chrono::{DateTime, Utc};
use db::journey::DepartureKey;
use domain::id::TicketId;
use domain::seat::{self, Hold, Plan, Segment};
use sqlx::PgConnection;

use crate::error::{AppError, AppResult};

/// The seats held on a locked departure.
#[derive(Debug)]
pub struct Seating {
    key: DepartureKey,
    seats: u16,
    holds: Vec<(TicketId, Hold)>,
    /// Seats of tickets that the caller is about to write.
    reserved: Vec<Hold>,
}

impl Seating {
    /// Reads the held seats. Expired tickets still hold theirs unless they were closed before
    /// ([`ticket::expire_on`](crate::ticket::expire_on)).
    ///
    /// # Errors
    /// Database errors only.
    pub async fn read(conn: &mut PgConnection, key: DepartureKey) -> AppResult<Self> {
        let (seats, holds) = db::seat::occupancy(conn, key).await?;
        Ok(Self::known(key, seats, holds))
    }

    /// The seating with holds that were already read.
    #[must_use]
    pub const fn known(key: DepartureKey, seats: u16, holds: Vec<(TicketId, Hold)>) -> Self {
        Self {
            key,
            seats,
            holds,
            reserved: Vec::new(),
        }
    }

    /// Marks as taken the seats of tickets that the caller is about to write. Plans do not reseat them.
    pub fn reserve(&mut self, seats: &[u16], segment: &Segment) {
        let hold = |seat: &u16| Hold {
            seat: *seat,
            segment: segment.clone(),
            fixed: true,
        };
        self.reserved.extend(seats.iter().map(hold));
    }

    /// Whether seats are reserved for tickets that are not written yet.
    #[must_use]
    pub const fn has_reserved(&self) -> bool {
        !self.reserved.is_empty()
    }

    /// The tickets with their holds, in the order of the tickets' ids.
    #[must_use]
    pub fn holds(&self) -> &[(TicketId, Hold)] {
        &self.holds
    }

    /// The seat that a ticket holds.
    #[must_use]
    pub fn seat_of(&self, ticket: TicketId) -> Option<u16> {
        self.holds
            .iter()
            .find(|(id, _)| *id == ticket)
            .map(|(_, hold)| hold.seat)
    }

    /// Plans seats for a number of tickets on a segment; unconfirmed tickets are reseated if that is necessary.
    ///
    /// # Errors
    /// [`AppError::SeatsUnavailable`] when no assignment exists.
    pub fn plan(&self, count: usize, segment: &Segment) -> AppResult<Plan> {
        let held = self.holds.iter().map(|(_, hold)| hold);
        let holds: Vec<Hold> = held.chain(&self.reserved).cloned().collect();
        seat::allocate(self.seats, &holds, segment, count).ok_or_else(|| {
            let seats_left = seat::left(self.seats, &holds, segment).into();
            AppError::SeatsUnavailable { seats_left }
        })
    }

    /// Carries out the reseating of a plan.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn reseat(
        &mut self,
        conn: &mut PgConnection,
        moves: &[(usize, u16)],
        now: DateTime<Utc>,
    ) -> AppResult<()> {
        let tickets: Vec<(TicketId, u16)> = moves
            .iter()
            .map(|(index, seat)| (self.holds[*index].0, *seat))
            .collect();
        db::seat::move_seats(conn, &tickets, now).await?;
        for (index, seat) in moves {
            self.holds[*index].1.seat = *seat;
        }
        Ok(())
    }

    /// Carries out a plan; the tickets must already be written.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn take(
        &mut self,
        conn: &mut PgConnection,
        tickets: &[TicketId],
        segment: &Segment,
        plan: Plan,
        now: DateTime<Utc>,
    ) -> AppResult<()> {
        self.reseat(conn, &plan.moves, now).await?;
        let taken: Vec<_> = tickets
            .iter()
            .zip(plan.seats)
            .map(|(ticket, seat)| (*ticket, seat, segment.clone()))
            .collect();
        db::seat::take_seats(conn, self.key, &taken).await?;
        // Within this transaction, no other sale can take these seats.
        let hold = |(ticket, seat, segment)| {
            (
                ticket,
                Hold {
                    seat,
                    segment,
                    fixed: true,
                },
            )
        };
        self.holds.extend(taken.into_iter().map(hold));
        Ok(())
    }

    /// Gives a ticket its previous seat if that is free on its segment, else any other.
    ///
    /// # Errors
    /// [`AppError::SeatsUnavailable`] when no assignment exists, and database errors.
    pub async fn take_again(
        &mut self,
        conn: &mut PgConnection,
        ticket: TicketId,
        seat: u16,
        segment: &Segment,
        now: DateTime<Utc>,
    ) -> AppResult<()> {
        let overlaps = |hold: &Hold| hold.segment.start < segment.end && segment.start < hold.segment.end;
        let taken = seat > self.seats || self.holds.iter().any(|(_, hold)| hold.seat == seat && overlaps(hold));
        let plan = if taken {
            self.plan(1, segment)?
        } else {
            Plan {
                seats: vec![seat],
                moves: Vec::new(),
            }
        };
        self.take(conn, &[ticket], segment, plan, now).await
    }
}
