//! The company that publishes a feed itself: which agencies are its own.

use domain::fold::fold;
use domain::gtfs::Feed;
use domain::gtfs::model::Agency;

use super::keys::company_slug;

/// A company that publishes its own timetable.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Its slug.
    pub slug: String,
    /// Its name, and those of its carriers.
    pub names: Vec<String>,
    /// Key of the feed that is replaced, or that a new one gets.
    pub key: String,
}

impl Owner {
    /// Checks that every agency of a feed is the company or one of its carriers: its slug is that of the company, or
    /// its name is known. That it runs what the company ran is not enough: it may be another company's feed.
    ///
    /// # Errors
    /// The names of those that are not.
    pub fn check(&self, feed: &Feed) -> Result<(), Vec<String>> {
        let others = feed.agencies.iter().filter(|agency| !self.is_own(agency));
        let others: Vec<String> = others
            .map(|agency| format!("{} ({})", agency.name, agency.id))
            .collect();
        if others.is_empty() { Ok(()) } else { Err(others) }
    }

    fn is_own(&self, agency: &Agency) -> bool {
        let plain = |name: &str| fold(name.strip_suffix(" (SYNTHETIC)").unwrap_or(name));
        company_slug(agency) == self.slug || self.names.iter().any(|name| plain(name) == plain(&agency.name))
    }
}
