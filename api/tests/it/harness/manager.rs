//! A user of a company, and what the user does with orders and reports.

use std::ops::Deref;

use serde_json::{Value, json};

use super::answer::Seen;
use super::browser::Browser;

/// The path at which reports of orders are requested.
pub const REPORTS: &str = "/v2/reports/orders";

/// A signed-in user of a company.
#[derive(Debug, Clone)]
pub struct Manager(pub Browser);

impl Deref for Manager {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.0
    }
}

impl Manager {
    /// An order in its current state.
    pub async fn order(&self, order: &str) -> Value {
        let seen = self.get(&format!("/v2/orders/{order}")).await;
        seen.status(200).data()["order"].clone()
    }

    pub async fn confirm(&self, order: &str) -> Seen {
        self.decide(order, "confirm").await
    }

    pub async fn reject(&self, order: &str) -> Seen {
        self.decide(order, "reject").await
    }

    /// Records a prepayment.
    pub async fn prepaid(&self, order: &str, amount: u32) -> Seen {
        self.post(&format!("/v2/orders/{order}/prepaid"), &json!({ "amount": amount }))
            .await
    }

    /// A decision without a body.
    pub async fn decide(&self, order: &str, decision: &str) -> Seen {
        self.press(&format!("/v2/orders/{order}/{decision}")).await
    }

    /// Moves an order to another trip, day or passenger.
    pub async fn move_order(&self, order: &str, body: &Value) -> Seen {
        self.post(&format!("/v2/orders/{order}/move"), body).await
    }

    /// Asks for a report of the orders of these days.
    pub async fn request_report(&self, from: &str, to: &str) -> Seen {
        self.post(REPORTS, &json!({ "dateFrom": from, "dateTo": to })).await
    }

    /// A report in its current state.
    pub async fn report(&self, report: &str) -> Seen {
        self.get(&format!("{REPORTS}/{report}")).await
    }

    /// A link to the file of a report.
    pub async fn report_link(&self, report: &str) -> Seen {
        self.get(&format!("{REPORTS}/{report}/download")).await
    }
}
