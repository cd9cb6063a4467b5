//! Departures of one route.

use domain::id::RouteId;
use domain::role::Role;
use serde_json::Value;

use crate::backoffice::counter::{Counter, buy};
use crate::backoffice::departure::{DEPARTURES, list, of_bus, text};
use crate::harness::DAY;

#[tokio::test]
async fn departures_are_listed_by_route() {
    let counter = Counter::open().await;
    let (partner, clerk) = (counter.website().await, counter.clerk().await);
    buy(&partner, 50).await;
    let days = format!("dateFrom={DAY}&dateTo={DAY}&language=EN");
    let (all, total) = list(&clerk, &days).await;
    let route = text(&of_bus(&clerk, 50).await["routeId"]);
    let own: Vec<&Value> = all.iter().filter(|found| found["routeId"] == route.as_str()).collect();
    let (found, of_route) = list(&clerk, &format!("{days}&routeId={route}")).await;
    assert_eq!(found.iter().collect::<Vec<_>>(), own);
    assert_eq!((of_route, total), (own.len() as u64, all.len() as u64));
    // The departure that was sold is stored; the others come from the timetable.
    assert!(found.iter().any(|one| one["tickets"]["sold"] == 1));
    let unknown = RouteId::new();
    assert_eq!(list(&clerk, &format!("{days}&routeId={unknown}")).await.1, 0);
    let stranger = counter.office.at_karpaty(Role::Admin).await;
    assert_eq!(list(&stranger, &format!("{days}&routeId={route}")).await.1, 0);
    for wrong in ["kyiv-lviv", "cmp_00000000000000000000000000000000"] {
        let seen = clerk.get(&format!("{DEPARTURES}?{days}&routeId={wrong}")).await;
        assert_eq!(seen.fields(), ["routeId id"], "{wrong}");
    }
}
