//! Writes companies and carriers.

use std::collections::HashMap;

use db::timetable::feed;
use db::timetable::party::{self, CarrierRow, CompanyRow, FeedCarrier};
use domain::gtfs::model::Agency;
use domain::id::{CarrierId, CompanyId};
use sqlx::PgConnection;

use super::super::changes::{by_key, compare_as};
use super::super::owner::company_slug;
use super::super::report::{Counts, ImportReport, Outcome};
use super::Publisher;
use crate::error::{AppError, AppResult};

/// The companies and carriers of a feed.
pub struct Parties {
    /// The company of each agency.
    pub companies: Vec<CompanyId>,
    /// The slug of the company of each agency.
    pub slugs: Vec<String>,
    /// The carrier of each agency.
    pub carriers: Vec<CarrierId>,
}

impl Publisher<'_> {
    /// Slug of the company that an agency becomes if it was not known before.
    pub(super) fn slug(&self, agency: &Agency) -> String {
        self.options.company.clone().unwrap_or_else(|| company_slug(agency))
    }

    /// Writes and returns the companies and carriers of the agencies. Existing companies keep the data that users
    /// entered; a known agency keeps its company and carrier even if it was renamed.
    pub async fn parties(&self, conn: &mut PgConnection, report: &mut ImportReport) -> AppResult<Parties> {
        let agencies = &self.feed.agencies;
        let before: Vec<Option<&FeedCarrier>> = self
            .same
            .agencies
            .iter()
            .map(|at| at.and_then(|at| self.known.carriers.get(at)))
            .collect();
        let slug = |(agency, before): (&Agency, &Option<&FeedCarrier>)| match before {
            Some(carrier) => carrier.company_slug.clone(),
            None => self.slug(agency),
        };
        let slugs: Vec<String> = agencies.iter().zip(&before).map(slug).collect();
        if self.options.company.is_none() {
            let unknown = agencies.iter().zip(&before).filter(|(_, before)| before.is_none());
            let rows: Vec<CompanyRow> = unknown.map(|(agency, _)| self.company(agency)).collect();
            let counts = Counts {
                read: agencies.len() as u64,
                new: party::create_missing_companies(conn, &rows, self.now).await?,
                ..Counts::default()
            };
            report.counted("companies", counts);
        }
        let found: HashMap<String, CompanyId> = party::companies(conn, &slugs).await?.into_iter().collect();
        let unknown = |slug: &String| {
            AppError::field(
                "company",
                "known",
                format!("must be the slug of a company, not {slug:?}"),
            )
        };
        let company = |slug: &String| found.get(slug).copied().ok_or_else(|| unknown(slug));
        let companies: Vec<CompanyId> = slugs.iter().map(company).collect::<AppResult<_>>()?;
        let carrier = |(agency, company_id): (&Agency, &CompanyId)| CarrierRow {
            id: CarrierId::new(),
            company_id: *company_id,
            key: format!("{}/{}", self.key, agency.id),
            name: self.marked(&agency.name),
            phones: agency.phone.iter().cloned().collect(),
        };
        let mut carriers: Vec<CarrierRow> = agencies.iter().zip(&companies).map(carrier).collect();
        let stored = party::carriers(conn, &companies).await?;
        let place = |before: &FeedCarrier| stored.iter().position(|row| row.id == before.id);
        let places: Vec<Option<usize>> = before.iter().map(|before| before.and_then(place)).collect();
        let found_by_key = by_key(&stored, &carriers).into_iter().zip(places.clone());
        // A carrier that is matched with one agency is not assigned to another one with its key.
        let same: Vec<Option<usize>> = found_by_key
            .map(|(of_key, place)| place.or_else(|| of_key.filter(|at| !places.contains(&Some(*at)))))
            .collect();
        let changes = compare_as(&stored, &mut carriers, &same);
        party::rename_carriers(conn, &changes.renamed).await?;
        party::upsert_carriers(conn, &changes.write).await?;
        report.counted("carriers", changes.counts.without_withdrawn());
        if report.outcome == Outcome::New {
            let others = feed::sharing(conn, self.feed_id, &companies).await?;
            if !others.is_empty() {
                report.findings.notice(format!(
                    "its companies also run feed {}: to replace that one, import with --feed",
                    others.join(", ")
                ));
            }
        }
        Ok(Parties {
            companies,
            slugs,
            carriers: carriers.iter().map(|row| row.id).collect(),
        })
    }

    fn company(&self, agency: &Agency) -> CompanyRow {
        CompanyRow {
            slug: company_slug(agency),
            name: self.marked(&agency.name),
            email: agency.email.clone(),
            website: agency.url.clone(),
            time_zone: agency.time_zone.clone(),
        }
    }
}
