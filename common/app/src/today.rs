//! What of a company's day needs a person.

use db::today::Today;
use domain::id::CompanyId;

use crate::Platform;
use crate::error::AppResult;

/// The numbers of now.
///
/// # Errors
/// Database errors only.
pub async fn count(platform: &Platform, company_id: CompanyId) -> AppResult<Today> {
    let mut conn = platform.pool.acquire().await?;
    db::today::count(&mut conn, company_id, platform.clock.now()).await
}
