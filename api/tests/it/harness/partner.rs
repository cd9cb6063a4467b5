//! A partner's program, and its requests to the API.

use std::ops::Deref;

use serde_json::{Value, json};

use super::DAY;
use super::answer::Seen;
use super::caller::Caller;
use super::feed::COMPANY;

/// The program of a partner: its requests carry an API key.
#[derive(Debug, Clone)]
pub struct Partner(Caller);

impl Deref for Partner {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Partner {
    /// A program that calls the same API as `caller`, with this key.
    pub fn new(caller: &Caller, key: String) -> Self {
        Self(Caller {
            key: Some(key),
            ..caller.clone()
        })
    }

    /// The offers of a search.
    pub async fn offers(&self, from: &str, to: &str, day: &str, more: &str) -> Vec<Value> {
        let query = format!("departureCity={from}&arrivalCity={to}&departureDate={day}&language=EN{more}");
        let passengers = if query.contains("&passengers=") {
            ""
        } else {
            "&passengers=1"
        };
        let seen = self.get(&format!("/v2/offers?{query}{passengers}")).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        seen.body["data"]["offers"].as_array().unwrap().clone()
    }

    /// The offer of our bus with this number of seats, if the search finds it.
    pub async fn offer(&self, seats: u16, from: &str, to: &str, passengers: usize) -> Option<Value> {
        let more = format!("&passengers={passengers}");
        let offers = self.offers(from, to, DAY, &more).await;
        offers.into_iter().find(|offer| is_of_company(offer, seats))
    }

    /// How many passengers our bus still has seats for.
    pub async fn left(&self, seats: u16, from: &str, to: &str) -> u64 {
        match self.offer(seats, from, to, 1).await {
            Some(offer) => offer["seatsLeft"].as_u64().unwrap(),
            None => 0,
        }
    }

    /// The token of an offer on our bus.
    pub async fn token(&self, seats: u16, from: &str, to: &str, passengers: usize) -> String {
        let offer = self.offer(seats, from, to, passengers).await.expect("an offer");
        offer["id"].as_str().unwrap().to_owned()
    }

    /// Requests a booking of an offer.
    pub async fn create(&self, token: &str, passengers: usize) -> Seen {
        self.post("/v2/bookings", &order(token, passengers)).await
    }

    /// Buys seats on our bus.
    pub async fn sell(&self, seats: u16, from: &str, to: &str, passengers: usize) -> Sold {
        let token = self.token(seats, from, to, passengers).await;
        Sold::of(&self.create(&token, passengers).await)
    }

    /// Pays all of a booking.
    pub async fn pay(&self, booking: &str) -> Seen {
        self.act("pay", booking).await
    }

    /// Books all of a booking, to be paid on board.
    pub async fn book(&self, booking: &str) -> Seen {
        self.act("book", booking).await
    }

    /// Cancels all of a booking.
    pub async fn cancel(&self, booking: &str) -> Seen {
        self.act("cancel", booking).await
    }

    /// Pays some orders of a booking.
    pub async fn pay_orders(&self, booking: &str, orders: &[&str]) -> Seen {
        self.act_on("pay", booking, orders).await
    }

    /// Books some orders of a booking, to be paid on board.
    pub async fn book_orders(&self, booking: &str, orders: &[&str]) -> Seen {
        self.act_on("book", booking, orders).await
    }

    /// Cancels some orders of a booking.
    pub async fn cancel_orders(&self, booking: &str, orders: &[&str]) -> Seen {
        self.act_on("cancel", booking, orders).await
    }

    /// Pays, books or cancels all of a booking.
    pub async fn act(&self, action: &str, booking: &str) -> Seen {
        self.post(&format!("/v2/bookings/{booking}/{action}"), &json!({})).await
    }

    /// Pays, books or cancels some of a booking.
    pub async fn act_on(&self, action: &str, booking: &str, orders: &[&str]) -> Seen {
        self.post(
            &format!("/v2/bookings/{booking}/{action}"),
            &json!({ "orderIds": orders }),
        )
        .await
    }

    /// The booking in its current state.
    pub async fn booking(&self, id: &str) -> Value {
        let seen = self.get(&format!("/v2/bookings/{id}")).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        seen.body["data"]["booking"].clone()
    }

    /// `status payment` of each ticket of a booking.
    pub async fn standing(&self, id: &str) -> Vec<String> {
        standing(&self.booking(id).await)
    }
}

/// Whether an offer is of our bus with this number of seats.
pub fn is_of_company(offer: &Value, seats: u16) -> bool {
    let slice = &offer["slices"][0];
    slice["bus"]["seatsQty"] == seats && slice["route"]["company"]["slug"] == COMPANY
}

/// The body that requests a booking for this number of passengers.
pub fn order(token: &str, passengers: usize) -> Value {
    let passenger = json!({ "firstName": "Olena", "lastName": "Kovalenko", "phones": [{ "phone": "+380671234567" }] });
    json!({ "offerId": token, "currency": "UAH", "passengers": vec![passenger; passengers] })
}

/// `status payment` of each ticket of a booking.
pub fn standing(booking: &Value) -> Vec<String> {
    let text = |ticket: &Value| {
        let (status, payment) = (&ticket["status"], &ticket["paymentStatus"]);
        format!("{} {}", status.as_str().unwrap(), payment.as_str().unwrap())
    };
    booking["tickets"].as_array().unwrap().iter().map(text).collect()
}

/// A booking that was created.
#[derive(Debug, Clone)]
pub struct Sold {
    pub id: String,
    pub orders: Vec<String>,
    pub seats: Vec<String>,
    pub body: Value,
}

impl Sold {
    pub fn of(seen: &Seen) -> Self {
        assert!(matches!(seen.status, 200 | 201), "{} {}", seen.status, seen.body);
        Self::read(&seen.body["data"]["booking"])
    }

    pub fn read(booking: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let tickets = booking["tickets"].as_array().unwrap();
        Self {
            id: text(&booking["id"]),
            orders: tickets.iter().map(|ticket| text(&ticket["id"])).collect(),
            seats: tickets
                .iter()
                .map(|ticket| text(&ticket["slices"][0]["seat"]["label"]))
                .collect(),
            body: booking.clone(),
        }
    }
}
