//! The lists of a company's orders whose plans `plan` looks at.

use app::ticket::company::{self, Search};
use domain::id::{CompanyId, RouteId};
use domain::ticket::{PaymentStatus, TicketStatus};
use uuid::Uuid;

use crate::harness::DAY;
use crate::harness::partner::Sold;
use crate::sales::support::Shop;

/// Lists a company's orders by each filter, and finds those of a booking.
pub async fn orders(shop: &Shop, company: CompanyId, kept: &Sold) {
    let crowded = "select route_id from trips where id = (select trip_id from tickets limit 1)";
    let crowded: Uuid = sqlx::query_scalar(crowded).fetch_one(shop.pool()).await.unwrap();
    let mut searches = of_states();
    searches.extend(of_routes(RouteId(crowded)));
    for search in searches {
        let page = company::list(&shop.platform, company, Search { take: 100, ..search }).await;
        page.unwrap();
    }
    let find = async |text: &str, booking_id| {
        let search = Search {
            text: Some(text.to_owned()),
            booking_id,
            take: 100,
            ..Search::default()
        };
        company::list(&shop.platform, company, search).await
    };
    assert!(find("Kovalenko", None).await.unwrap().1 > 0);
    assert!(find("Olena Kov", None).await.is_err(), "the whole crowd");
    assert_eq!(find("Olena", Some(kept.id.parse().unwrap())).await.unwrap().1, 2);
    assert_eq!(find(&kept.orders[0], None).await.unwrap().1, 1);
}

/// All, and those in some states or of a day.
fn of_states() -> Vec<Search> {
    vec![
        Search::default(),
        Search {
            skip: 900,
            ..Search::default()
        },
        Search {
            skip: 9_000,
            ..Search::default()
        },
        Search {
            status: Some(TicketStatus::Confirmed),
            ..Search::default()
        },
        Search {
            status: Some(TicketStatus::Uncompleted),
            ..Search::default()
        },
        Search {
            payment_status: Some(PaymentStatus::Unpaid),
            ..Search::default()
        },
        Search {
            status: Some(TicketStatus::Confirmed),
            payment_status: Some(PaymentStatus::Paid),
            skip: 900,
            ..Search::default()
        },
        Search {
            departure_day: Some(DAY.parse().unwrap()),
            ..Search::default()
        },
    ]
}

/// Those of the route of the crowd, also in some states, and of a route without any ticket.
fn of_routes(crowded: RouteId) -> Vec<Search> {
    let of_crowd = || Search {
        route_id: Some(crowded),
        ..Search::default()
    };
    vec![
        of_crowd(),
        Search {
            skip: 900,
            ..of_crowd()
        },
        Search {
            status: Some(TicketStatus::Confirmed),
            ..of_crowd()
        },
        Search {
            payment_status: Some(PaymentStatus::Paid),
            ..of_crowd()
        },
        Search {
            status: Some(TicketStatus::Canceled),
            ..of_crowd()
        },
        Search {
            status: Some(TicketStatus::Uncompleted),
            payment_status: Some(PaymentStatus::Unpaid),
            ..of_crowd()
        },
        Search {
            route_id: Some(RouteId::new()),
            ..Search::default()
        },
    ]
}
