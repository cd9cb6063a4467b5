//! Tickets that were sold, without the use cases that sell.

use chrono::{NaiveDate, TimeDelta};
use domain::id::{BookingId, CompanyId, HistoryId, PartnerId, PassengerId, PhoneId, PriceId, TicketId, TripId};
use domain::language::{Language, Messenger};
use domain::ticket::{Event, PaymentStatus, TicketStatus};
use rust_decimal::{Decimal, dec};

use super::{Call, Company, World};

/// What is sold, and to whom.
#[derive(Debug, Clone)]
pub struct Sale {
    /// Language of the booking.
    pub language: Language,
    /// First name; the last name is `Shevchenko`.
    pub first_name: String,
    /// Address of the passenger.
    pub email: Option<String>,
    /// Phones of the passenger with their messengers.
    pub phones: Vec<(String, Vec<Messenger>)>,
    /// Positions of boarding and alighting.
    pub segment: (i16, i16),
    /// Seat.
    pub seat: i16,
    /// Status.
    pub status: TicketStatus,
    /// Payment status.
    pub payment_status: PaymentStatus,
    /// Price, in hryvnias.
    pub price: Decimal,
    /// Refunded amount.
    pub refund_amount: Option<Decimal>,
}

impl Default for Sale {
    /// Fresh and unpaid, in English, to a passenger with an address and a phone with Viber.
    fn default() -> Self {
        Self {
            language: Language::En,
            first_name: "Taras".to_owned(),
            email: Some("taras@example.com".to_owned()),
            phones: vec![("+380501112233".to_owned(), vec![Messenger::Viber])],
            segment: (0, 1),
            seat: 17,
            status: TicketStatus::Processing,
            payment_status: PaymentStatus::Unpaid,
            price: dec!(1250),
            refund_amount: None,
        }
    }
}

/// A ticket that was sold.
#[derive(Debug, Clone, Copy)]
pub struct SoldTicket {
    /// The ticket.
    pub id: TicketId,
    /// Its booking.
    pub booking_id: BookingId,
    /// The partner that sold it.
    pub partner_id: PartnerId,
    /// The company whose trip it is.
    pub company_id: CompanyId,
    /// The trip.
    pub trip_id: TripId,
    /// The service day.
    pub service_day: NaiveDate,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl World<'_> {
    /// A ticket with everything that it needs: Kyiv 06:30 to Warsaw 18:05 (both local), a week from now.
    pub async fn sell(&mut self, sale: &Sale) -> SoldTicket {
        let company = self.company("karpaty").await;
        let partner_id = self.partner("reseller").await;
        self.sell_as(company, partner_id, sale).await
    }

    /// The same on a trip of a company, through a partner.
    pub async fn sell_as(&mut self, company: Company, partner_id: PartnerId, sale: &Sale) -> SoldTicket {
        let names = [(Language::Uk, "Київ"), (Language::En, "Kyiv"), (Language::Pl, "Kijów")];
        let kyiv = self.city("kyiv", "UA", "Europe/Kyiv", &names).await;
        let warsaw = self
            .city("warsaw", "PL", "Europe/Warsaw", &[(Language::En, "Warsaw")])
            .await;
        let (from, to) = (
            self.stop(kyiv, "Kyiv Central").await,
            self.stop(warsaw, "Warszawa Zachodnia").await,
        );
        let route = self.route(company, "Kyiv-Warsaw").await;
        let bus = self.bus(company, "default", 50).await;
        let service_day = (self.now + TimeDelta::days(7)).date_naive();
        let calls = [(from, 23_400), (to, 68_700)].map(|(stop_id, time)| Call {
            stop_id,
            arrival: time,
            departure: time,
        });
        let trip_id = self.trip(route, bus, &[service_day], &calls).await;
        self.departure(trip_id, service_day).await;
        let ticket = SoldTicket {
            id: TicketId::new(),
            booking_id: BookingId::new(),
            partner_id,
            company_id: company.id,
            trip_id,
            service_day,
        };
        self.ticket(&ticket, sale).await;
        ticket
    }

    /// A ticket on its segment of a departure, in a booking of its own. It holds its seat unless it is over.
    pub async fn ticket(&mut self, ticket: &SoldTicket, sale: &Sale) {
        sqlx::query!(
            "insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
             select $1, $2, $3, 'UAH', departure_at, $4, $4 from departure_calls
             where trip_id = $5 and service_day = $6 and position = $7",
            ticket.booking_id as BookingId,
            ticket.partner_id as PartnerId,
            sale.language as Language,
            self.now,
            ticket.trip_id as TripId,
            ticket.service_day,
            sale.segment.0,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a booking");
        let passenger_id = self.passenger(sale).await;
        sqlx::query!(
            "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                 boarding_position, alighting_position, boarding_at, seat, status, payment_status,
                 price_id, price, full_price, currency, refund_amount, created_at, updated_at)
             select $1, id, partner_id, $2, $3, $4, $5, $13, $14, departure_at, $6, $7, $8, $9, $10, $10, currency, $11,
                 created_at, created_at
             from bookings where id = $12",
            ticket.id as TicketId,
            ticket.company_id as CompanyId,
            passenger_id as PassengerId,
            ticket.trip_id as TripId,
            ticket.service_day,
            sale.seat,
            sale.status as TicketStatus,
            sale.payment_status as PaymentStatus,
            PriceId::new() as PriceId,
            sale.price,
            sale.refund_amount,
            ticket.booking_id as BookingId,
            sale.segment.0,
            sale.segment.1,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a ticket");
        sqlx::query!(
            "insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
             select id, trip_id, service_day, seat, int4range(boarding_position, alighting_position)
             from tickets where id = $1 and status in ('Processing', 'Confirmed')",
            ticket.id as TicketId,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a seat");
    }

    async fn passenger(&mut self, sale: &Sale) -> PassengerId {
        let id = PassengerId::new();
        sqlx::query!(
            "insert into passengers (id, first_name, last_name, email) values ($1, $2, 'Shevchenko', $3)",
            id as PassengerId,
            sale.first_name,
            sale.email,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a passenger");
        for (position, (phone, messengers)) in (0_i16..).zip(&sale.phones) {
            let messengers: Vec<_> = messengers.iter().map(|messenger| messenger.word().to_owned()).collect();
            sqlx::query!(
                "insert into passenger_phones (id, passenger_id, position, phone, messengers)
                 values ($1, $2, $3, $4, $5)",
                PhoneId::new() as PhoneId,
                id as PassengerId,
                position,
                phone,
                &messengers,
            )
            .execute(&mut *self.conn)
            .await
            .expect("a phone");
        }
        id
    }

    /// A history row of a ticket, as the use case of the event would write it.
    pub async fn history(&mut self, ticket_id: TicketId, event: Event) -> HistoryId {
        let id = HistoryId::new();
        sqlx::query!(
            "insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
             select $1, id, $3, $4, status, payment_status, 'system' from tickets where id = $2",
            id as HistoryId,
            ticket_id as TicketId,
            self.now,
            event as Event,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a history row");
        id
    }
}
