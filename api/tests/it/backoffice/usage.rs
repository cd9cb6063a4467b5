//! Usage of a partner, as users of the partner see it.

use chrono::NaiveDate;
use domain::role::Role;
use domain::usage::Counts;

use crate::backoffice::support::Office;

#[tokio::test]
async fn people_of_a_partner_see_its_usage_only() {
    let office = Office::open().await;
    let (usage, pool) = (&office.platform.usage, office.pool());
    for _ in 0..3 {
        usage.note(office.website, office.clock.now(), Counts::booking());
    }
    usage.note(office.reseller, office.clock.now(), Counts::booking());
    usage.flush(pool).await.unwrap();
    for role in [Role::Admin, Role::Manager, Role::Accountant] {
        let seen = office.at_website(role).await.get("/v2/partner/usage").await;
        let data = seen.data();
        assert_eq!(
            (&data["sum"]["bookings"], &data["total"]),
            (&3.into(), &90.into()),
            "{role}"
        );
        let today = office.clock.now().date_naive();
        let first: NaiveDate = data["from"].as_str().unwrap().parse().unwrap();
        assert_eq!((today - first).num_days(), 89);
        assert_eq!(data["days"][89]["bookings"], 3);
    }
    for browser in [
        office.at_website(Role::Dispatcher).await,
        office.at_karpaty(Role::Admin).await,
    ] {
        browser.get("/v2/partner/usage").await.refused(403, "FORBIDDEN");
    }
    office
        .browser()
        .get("/v2/partner/usage")
        .await
        .refused(401, "UNAUTHORIZED");
}
