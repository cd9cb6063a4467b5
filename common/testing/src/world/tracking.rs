//! Buses, tracking accounts and trackers.

use domain::id::{BusId, CompanyId, TrackerId, TrackingAccountId};
use domain::tracking::Provider;
use domain::vault::{Purpose, Vault};

use super::World;
use crate::settings::VAULT_KEY;

/// The vault of [`crate::settings::settings`].
///
/// # Panics
/// Never: the key is valid.
#[must_use]
#[expect(clippy::expect_used, reason = "a test harness may panic")]
pub fn vault() -> Vault {
    Vault::new(&VAULT_KEY.into()).expect("a key")
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl World<'_> {
    /// A bus with this plate.
    pub async fn plated_bus(&mut self, company_id: CompanyId, plate: &str) -> BusId {
        let id = BusId::new();
        sqlx::query!(
            "insert into buses (id, company_id, key, seats, registration_number) values ($1, $2, $3, 50, $4)",
            id as BusId,
            company_id as CompanyId,
            id.to_string(),
            plate,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a bus");
        id
    }

    /// An account that is due for a poll now and for a sync in an hour; it is polled every 30 seconds.
    pub async fn tracking_account(
        &mut self,
        company_id: CompanyId,
        provider: Provider,
        url: &str,
        token: Option<&str>,
    ) -> TrackingAccountId {
        let id = TrackingAccountId::new();
        let sealed = token.map(|token| vault().seal(id, Purpose::Token, &token.into()).expect("a sealed token"));
        sqlx::query!(
            "insert into tracking_accounts (id, company_id, provider, name, url, token, next_poll_at, next_sync_at,
                                            created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $7::timestamptz + interval '1 hour', $7)",
            id as TrackingAccountId,
            company_id as CompanyId,
            provider.word(),
            id.to_string(),
            url,
            sealed,
            self.now,
        )
        .execute(&mut *self.conn)
        .await
        .expect("an account");
        id
    }

    /// A tracker of an account, without a position.
    pub async fn tracker(&mut self, account_id: TrackingAccountId, external_id: &str, enabled: bool) -> TrackerId {
        let id = TrackerId::new();
        sqlx::query!(
            "insert into trackers (id, account_id, company_id, external_id, name, enabled)
             select $1, id, company_id, $3, 'bus ' || $3, $4 from tracking_accounts where id = $2",
            id as TrackerId,
            account_id as TrackingAccountId,
            external_id,
            enabled,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a tracker");
        id
    }
}
