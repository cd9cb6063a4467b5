//! The company that publishes a feed itself: which agencies are its own.

use domain::fold::fold;
use domain::gtfs::Feed;
use domain::gtfs::model::Agency;
use domain::id::CompanyId;

use super::keys::company_slug;
use super::known::{Known, Same};

/// A company that publishes its own timetable.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Its id.
    pub company_id: CompanyId,
    /// Its slug.
    pub slug: String,
    /// Its name, and those of its carriers.
    pub names: Vec<String>,
    /// Key of the feed that is replaced, or that a new one gets.
    pub key: String,
}

impl Owner {
    /// Checks that every agency of a feed is the company or one of its carriers: it ran the same trips before, its slug is
    /// that of the company, or its name is known.
    ///
    /// # Errors
    /// The names of those that are not.
    pub fn check(&self, feed: &Feed, known: &Known, same: &Same) -> Result<(), Vec<String>> {
        let agencies = feed.agencies.iter().zip(&same.agencies);
        let others: Vec<String> = agencies
            .filter(|(agency, same)| {
                let before = same.and_then(|at| known.carriers.get(at));
                before.is_none_or(|carrier| carrier.company_id != self.company_id) && !self.is_own(agency)
            })
            .map(|(agency, _)| format!("{} ({})", agency.name, agency.id))
            .collect();
        if others.is_empty() { Ok(()) } else { Err(others) }
    }

    fn is_own(&self, agency: &Agency) -> bool {
        let plain = |name: &str| fold(name.strip_suffix(" (SYNTHETIC)").unwrap_or(name));
        company_slug(agency) == self.slug || self.names.iter().any(|name| plain(name) == plain(&agency.name))
    }
}
