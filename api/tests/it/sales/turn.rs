//! The priority and the tenant of the jobs that requests cause.

use serde_json::json;

use crate::harness::partner::{Partner, Sold, order};
use crate::sales::support::Shop;

/// Sells tickets to passengers who can be reached by e-mail and Viber.
pub async fn sell(partner: &Partner, passengers: usize) -> Sold {
    let token = partner.token(50, "kyiv", "lviv", passengers).await;
    let mut body = order(&token, passengers);
    for passenger in body["passengers"].as_array_mut().unwrap() {
        passenger["email"] = json!("olena@example.com");
        passenger["phones"][0]["messengers"] = json!(["Viber"]);
    }
    Sold::of(&partner.post("/v2/bookings", &body).await)
}

impl Shop {
    /// Jobs by event of their message: how many there are, how many of them are urgent, and whether each has the
    /// partner who sold the ticket as its tenant. Only jobs of messages that are stored.
    async fn jobs_of_messages(&self) -> Vec<String> {
        let sql = "select format('%s %s: %s, urgent %s, of the seller %s', n.event, n.channel, count(*),
                                 count(*) filter (where j.is_urgent), count(*) filter (where j.tenant = t.partner_id))
                   from notifications n
                   join tickets t on t.id = n.ticket_id
                   join jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')
                   group by n.event, n.channel order by n.event, n.channel";
        sqlx::query_scalar(sql).fetch_all(self.pool()).await.unwrap()
    }
}

#[tokio::test]
async fn messages_that_are_awaited_are_urgent_and_each_is_the_work_of_the_partner_who_sold_the_ticket() {
    let shop = Shop::open().await;
    for partner in [shop.website(), shop.reseller()] {
        let paid = sell(&partner, 2).await;
        partner.pay(&paid.id).await.status(200);
        let booked = sell(&partner, 1).await;
        partner.book(&booked.id).await.status(200);
        partner.cancel(&booked.id).await.status(200);
        sell(&partner, 1).await;
    }
    shop.wait(20);
    assert_eq!(shop.sweep().await, 2);
    assert_eq!(
        shop.jobs_of_messages().await,
        [
            "booked Email: 2, urgent 2, of the seller 2",
            "booked Viber: 2, urgent 2, of the seller 2",
            "canceled Email: 2, urgent 0, of the seller 2",
            "canceled Viber: 2, urgent 0, of the seller 2",
            "created Email: 8, urgent 8, of the seller 8",
            "created Viber: 8, urgent 8, of the seller 8",
            "paid Email: 4, urgent 4, of the seller 4",
            "paid Viber: 4, urgent 4, of the seller 4",
            "uncompleted Email: 2, urgent 0, of the seller 2",
            "uncompleted Viber: 2, urgent 0, of the seller 2",
        ]
    );
    let tenants = "select count(distinct tenant) from jobs";
    assert_eq!(shop.count(tenants).await, 2, "both partners, and nobody else");
}
