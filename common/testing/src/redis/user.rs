//! The users that docs/REDIS.md has operators create: tests sign in as them, with exactly the permissions that it lists.

const PAGE: &str = include_str!("../../../../docs/REDIS.md");

/// Arguments with which a server has the user, beside the default one, which may do everything.
///
/// # Panics
/// When the page does not list the user.
#[must_use]
pub fn arguments() -> Vec<String> {
    let user = format!("--{}", documented(0, "secret"));
    user.split(' ').map(str::to_owned).collect()
}

/// The line with which the settings of a Sentinel create the user of Sentinels.
///
/// # Panics
/// When the page does not list the user.
#[must_use]
pub fn of_sentinels() -> String {
    documented(1, "hidden")
}

/// A URL of servers with that user.
#[must_use]
pub fn in_url(url: &str) -> String {
    url.replace("://", "://prexsell:secret@")
}

/// What names the user of Sentinels in a URL of Sentinels.
pub const AT_SENTINELS: &str = "?sentinel_username=prexsell&sentinel_password=hidden";

/// A user as the page lists it, in one line.
#[expect(clippy::expect_used, reason = "a test harness may panic")]
fn documented(number: usize, password: &str) -> String {
    let mut users = PAGE.split("```text\n").filter(|block| block.starts_with("user "));
    let user = users.nth(number).expect("docs/REDIS.md lists the user");
    let (user, _) = user.split_once("```").expect("the block ends");
    let words: Vec<&str> = user.split_whitespace().collect();
    words.join(" ").replace("PASSWORD", password)
}
