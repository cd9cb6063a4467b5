//! The schema of the database.

use sqlx::PgPool;
use sqlx::migrate::MigrateError;

/// Migrates the database to the schema of this release.
///
/// # Errors
/// When a migration fails, or the database has one that this release does not know.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    db::MIGRATIONS.run(pool).await
}
