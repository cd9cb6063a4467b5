//! Passwords and addresses are the same from every keyboard.

use domain::access::Workplace;
use domain::role::Role;

use super::{PASSWORD, status_and_code};
use crate::backoffice::support::Office;

/// A Mac sends й and ї as a letter and a mark, other systems as one character.
#[tokio::test]
async fn a_password_is_the_same_from_every_keyboard() {
    const COMPOSED: &str = "\u{457}жачок \u{439} де";
    const DECOMPOSED: &str = "\u{456}\u{308}жачок \u{438}\u{306} де";
    // Made from the input of a Mac, by the previous release.
    const OLD_HASH: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$9fJu7QQKILW2ImZzH0YOKQ$cqjkUQBVDa/tr/T4RORq7zGpSbZ3dESWWNIwJTb0394";
    let office = Office::open().await;
    let places = [(Workplace::Company(office.karpaty), Role::Admin)];
    let id = office.person("old@office.example", &places).await;
    let stored = async || {
        let hash = sqlx::query_scalar::<_, String>("select password_hash from users where id = $1");
        hash.bind(id.0).fetch_one(office.pool()).await.unwrap()
    };
    for typed in [COMPOSED, DECOMPOSED] {
        sqlx::query("update users set password_hash = $2 where id = $1")
            .bind(id.0)
            .bind(OLD_HASH)
            .execute(office.pool())
            .await
            .unwrap();
        let wrong = office
            .browser()
            .login("old@office.example", "\u{456}\u{308}жачок")
            .await;
        assert_eq!(status_and_code(&wrong), (401, "INVALID_CREDENTIALS"));
        assert_eq!(stored().await, OLD_HASH);
        office.browser().login("old@office.example", typed).await.status(200);
        let renewed = stored().await;
        assert_ne!(renewed, OLD_HASH);
        for again in [COMPOSED, DECOMPOSED] {
            office.browser().login("old@office.example", again).await.status(200);
        }
        assert_eq!(stored().await, renewed, "it is renewed once");
    }
}

#[tokio::test]
async fn an_international_address_is_the_same_in_both_spellings() {
    let office = Office::open().await;
    let places = [(Workplace::Company(office.karpaty), Role::Admin)];
    office.employee("info@xn--bcher-kva.example", &places).await;
    // Stored before such domains were kept in ASCII.
    office.employee("old@bücher.example", &places).await;
    for email in [
        "Info@BÜCHER.example",
        "info@xn--bcher-kva.example",
        "old@Bücher.example",
    ] {
        assert_eq!(office.browser().login(email, PASSWORD).await.status, 200, "{email}");
    }
}
