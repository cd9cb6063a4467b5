//! Determines the company of an agency, and which agencies belong to a company that publishes its own feed.

use domain::fold::fold;
use domain::gtfs::Feed;
use domain::gtfs::model::Agency;
use domain::slug::slug;

/// A company that publishes its own timetable.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Its slug.
    pub slug: String,
    /// Its name, and those of its carriers.
    pub names: Vec<String>,
    /// Key of the feed that is replaced, or of the new one.
    pub key: String,
}

impl Owner {
    /// Checks that every agency of a feed is the company or one of its carriers: its slug is that of the company, or
    /// its name is known. That its trips resemble those of the company is not enough: it may be another company's feed.
    ///
    /// # Errors
    /// The names of the agencies that are not.
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

/// Slug of the company that an agency becomes: derived from its id if that contains a letter, else from its name.
pub fn company_slug(agency: &Agency) -> String {
    let named = agency.id.chars().any(char::is_alphabetic);
    let candidates = [if named { slug(&agency.id) } else { String::new() }, slug(&agency.name)];
    let found = candidates.into_iter().find(|slug| !slug.is_empty());
    found.unwrap_or_else(|| format!("company-{}", slug(&agency.id)).trim_end_matches('-').to_owned())
}
