//! People of the back office.

use app::password;
use domain::access::Workplace;
use domain::id::{AccessId, UserId};
use domain::role::Role;
use secrecy::SecretString;

use super::World;

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl World<'_> {
    /// A person without a password; several accesses to one place are not possible.
    pub async fn person(&mut self, email: &str, accesses: &[(Workplace, Role)]) -> UserId {
        let id = UserId::new();
        sqlx::query!(
            "insert into users (id, email, first_name, last_name, created_at) values ($1, $2, 'Олена', 'Коваль', $3)",
            id as UserId,
            email,
            self.now,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a person");
        db::user::grant(self.conn, id, accesses).await.expect("accesses");
        id
    }

    /// Gives a person a password.
    pub async fn password(&mut self, user_id: UserId, password: &str) {
        let hash = password::hash(&SecretString::from(password)).expect("a hash");
        db::user::set_password(self.conn, user_id, &hash)
            .await
            .expect("a password");
    }

    /// The access of a person to a place.
    pub async fn access(&mut self, user_id: UserId, place: Workplace) -> AccessId {
        let (company, partner) = match place {
            Workplace::Company(id) => (Some(id.0), None),
            Workplace::Partner(id) => (None, Some(id.0)),
            Workplace::Platform => (None, None),
        };
        sqlx::query_scalar!(
            r#"select id as "id: AccessId" from accesses
               where user_id = $1 and company_id is not distinct from $2 and partner_id is not distinct from $3"#,
            user_id as UserId,
            company,
            partner,
        )
        .fetch_one(&mut *self.conn)
        .await
        .expect("an access")
    }
}
