//! When a booking was last updated: it, or one of its tickets.

use crate::harness::instant;
use crate::sales::support::Shop;

#[tokio::test]
async fn a_booking_was_updated_when_one_of_its_tickets_was() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    let updated = async || partner.booking(&sold.id).await["updatedAt"].clone();
    assert_eq!(updated().await, instant(&shop.clock));

    shop.wait(1);
    let paid = instant(&shop.clock);
    let seen = partner.pay_orders(&sold.id, &[&sold.orders[0]]).await;
    assert_eq!(seen.body["data"]["booking"]["updatedAt"], paid);
    assert_eq!(updated().await, paid);

    shop.wait(20);
    assert_eq!(updated().await, paid);
    assert_eq!(shop.sweep().await, 1);
    assert_eq!(updated().await, instant(&shop.clock));
    let list = partner.get("/v2/bookings").await;
    assert_eq!(list.body["data"]["bookings"][0]["updatedAt"], instant(&shop.clock));
}
