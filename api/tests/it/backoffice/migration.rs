//! The progress of a partner's migration, as users of the partner see it.

use domain::role::Role;

use crate::backoffice::support::Office;

const MIGRATION: &str = "/v2/partner/migration";

#[tokio::test]
async fn people_of_a_partner_with_the_right_to_usage_see_its_migration() {
    let office = Office::open().await;
    let admin = office.at_website(Role::Admin).await;
    let seen = admin.get(MIGRATION).await;
    seen.status(200);
    assert_eq!(
        seen.body["data"]["migration"]["operations"].as_array().unwrap().len(),
        6
    );
    let dispatcher = office.at_website(Role::Dispatcher).await;
    dispatcher.get(MIGRATION).await.refused(403, "FORBIDDEN");
    let carrier = office.at_karpaty(Role::Admin).await;
    carrier.get(MIGRATION).await.refused(403, "FORBIDDEN");
    office.browser().get(MIGRATION).await.refused(401, "UNAUTHORIZED");
}
