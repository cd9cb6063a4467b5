//! Company and partner act at the same time, on real threads and sockets.

use tokio::task::JoinSet;

use crate::backoffice::counter::{Counter, buy, history, standing};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_decisions_one_wins() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    for decision in ["confirm", "reject"] {
        let sold = buy(&partner, 50).await;
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let (clerk, order) = (clerk.clone(), sold.orders[0].clone());
            tasks.spawn(async move { clerk.decide(&order, decision).await });
        }
        let answers = tasks.join_all().await;
        assert_eq!(answers.iter().filter(|seen| seen.status == 200).count(), 1);
        assert!(
            answers
                .iter()
                .filter(|seen| seen.status != 200)
                .all(|seen| seen.code() == "ORDER_CONFLICT")
        );
        let order = clerk.order(&sold.orders[0]).await;
        assert_eq!(history(&order).len(), 2);
        assert_eq!(counter.messages(&sold.orders[0]).await.len(), 4);
    }
    counter.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn actions_of_company_and_partner_are_serialised() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    for _ in 0..12 {
        let sold = buy(&partner, 50).await;
        let order = &sold.orders[0];
        let (confirmed, rejected, canceled) =
            tokio::join!(clerk.confirm(order), clerk.reject(order), partner.cancel(&sold.id),);
        canceled.status(200);
        let order = clerk.order(order).await;
        assert_eq!(standing(&order), "Canceled Unpaid");
        let happened = [&confirmed, &rejected, &canceled];
        let done = happened.iter().filter(|seen| seen.status == 200).count();
        assert!(
            happened
                .iter()
                .all(|seen| seen.status == 200 || seen.code() == "ORDER_CONFLICT")
        );
        assert_eq!(history(&order).len(), 1 + done, "a line for each that won");
        let lines = history(&order).join(", ");
        assert!(!lines.contains("rejected NotConfirmed Unpaid, confirmed"), "{lines}");
    }
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 50);
    counter.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_paid_order_is_never_rejected() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    for _ in 0..12 {
        let sold = buy(&partner, 3).await;
        let order = &sold.orders[0];
        let (rejected, paid) = tokio::join!(clerk.reject(order), partner.pay(&sold.id));
        // If it is paid first, it cannot be rejected; if it is rejected first, the payment takes a seat again.
        paid.status(200);
        let order = clerk.order(order).await;
        assert_eq!(standing(&order), "Confirmed Paid");
        assert_eq!(history(&order).len(), 2 + usize::from(rejected.status == 200));
        counter.audit().await;
        partner.cancel(&sold.id).await.status(200);
    }
}

/// A decision, a move and a sweep that closes the same order: in any order, the result is consistent.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn decisions_moves_and_sweeps_agree() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    for round in 0..8 {
        let sold = buy(&partner, 50).await;
        let order = &sold.orders[0];
        let day = if round % 2 == 0 { "2027-02-10" } else { "2027-02-07" };
        let path = format!("/v2/orders/{order}/move");
        let body = serde_json::json!({ "departureDate": day });
        if round % 4 == 3 {
            counter.wait(20);
        }
        let clerk = counter.clerk().await;
        let (confirmed, moved, _) = tokio::join!(clerk.confirm(order), clerk.post(&path, &body), counter.sweep(),);
        let order = clerk.order(order).await;
        if round % 4 == 3 {
            assert_eq!((confirmed.status, moved.status), (409, 409), "its time was over");
            assert_eq!(standing(&order), "Uncompleted Unpaid");
        } else {
            assert_eq!(
                (confirmed.status, moved.status),
                (200, 200),
                "{} {}",
                confirmed.body,
                moved.body
            );
            assert_eq!(standing(&order), "Confirmed Unpaid");
            assert_eq!(history(&order).len(), 3);
        }
        counter.audit().await;
    }
}
