//! Tickets that cannot move, or move while something else happens to them.

use app::ticket::ticket_move::TicketMove;
use db::error::{AppError, Noun};

use crate::harness::DAY;
use crate::sales::support::Shop;
use crate::sales::ticket_move::{departure, tickets};

#[tokio::test]
async fn what_cannot_move_stays() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let (ours, theirs) = (
        shop.company_id().await,
        app::company::named(shop.pool(), "demo-wisla").await.unwrap(),
    );
    let sold = partner.sell(50, "kyiv", "lviv", 3).await;
    let other = partner.sell(50, "kyiv", "lviv", 1).await;
    let to = |departure| TicketMove {
        departure: Some(departure),
        ..tickets(&[&sold.orders[0], &sold.orders[1], &sold.orders[2]])
    };
    let refused = async |company, wanted: &TicketMove| shop.move_tickets(company, wanted).await.unwrap_err();
    let tenth = departure(&shop, 50, "2027-02-10").await;
    assert!(matches!(
        refused(theirs, &to(tenth)).await,
        AppError::NotFound(Noun::Ticket)
    ));
    assert!(matches!(
        refused(ours, &tickets(&[])).await,
        AppError::NotFound(Noun::Ticket)
    ));
    let mixed = tickets(&[&sold.orders[0], &other.orders[0]]);
    assert!(matches!(refused(ours, &mixed).await, AppError::Validation(_)));
    let small = departure(&shop, 2, DAY).await;
    assert!(matches!(
        refused(ours, &to(small)).await,
        AppError::SeatsUnavailable { seats_left: 2 }
    ));
    let never = departure(&shop, 50, "2028-02-10").await;
    assert!(matches!(refused(ours, &to(never)).await, AppError::DepartureClosed));
    let gone = departure(&shop, 50, "2027-01-31").await;
    assert!(matches!(refused(ours, &to(gone)).await, AppError::DepartureClosed));
    partner.cancel_orders(&sold.id, &[&sold.orders[1]]).await.status(200);
    assert!(matches!(refused(ours, &to(tenth)).await, AppError::TicketConflict(orders) if orders.len() == 1));
    assert_eq!(partner.booking(&sold.id).await["tickets"].as_array().unwrap().len(), 3);
    assert_eq!(
        shop.count("select count(*) from departures").await,
        1,
        "nothing is left behind"
    );
    shop.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_move_and_a_payment_at_once_both_happen() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let company = shop.company_id().await;
    for round in 0..8 {
        let sold = partner.sell(50, "kyiv", "lviv", 2).await;
        let to = departure(&shop, 50, if round % 2 == 0 { "2027-02-10" } else { "2027-02-07" }).await;
        let moving = TicketMove {
            departure: Some(to),
            ..tickets(&[&sold.orders[0], &sold.orders[1]])
        };
        let (new, paid) = tokio::join!(shop.move_tickets(company, &moving), partner.pay(&sold.id));
        let new = new.unwrap().to_string();
        assert_eq!(paid.status, 200, "round {round}: {}", paid.body);
        assert_eq!(partner.standing(&new).await, ["Confirmed Paid"; 2]);
        for order in &sold.orders {
            assert_eq!(shop.history(order).await.len(), 3);
        }
    }
    shop.audit().await;
}
