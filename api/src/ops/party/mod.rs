//! Partners and companies.

use app::ops;
use poem_openapi::OpenApi;

use super::Chapter;
use super::refusal::Look;
use crate::auth::person::AtPlatform;
use crate::state::Shared;
use crate::wire::param::{AfterSlug, Take};
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use wire::{CompanyList, Partner, PartnerList};

pub mod wire;

/// Operations on partners and companies.
#[derive(Debug, Clone, Copy)]
pub struct PartyApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Parties")]
impl PartyApi {
    /// List partners
    ///
    /// Returns partners with their rate limits, sorted by slug.
    #[oai(path = "/partners", method = "get", operation_id = "listPartners")]
    pub(crate) async fn partners(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// Page size.
        take: Query<Take>,
        /// Only partners after this slug: `next` of the previous page.
        after: Query<Option<AfterSlug>>,
    ) -> Answer<PartnerList, Look> {
        let (take, after) = valid((take, after))?;
        let after = after.map_or_else(String::new, |slug| slug.0);
        let (partners, has_more) =
            ops::party::partners(&state.platform.pool, &state.rate_limits, &after, take.0 as usize).await?;
        Ok(Reply::new(PartnerList {
            next: partners
                .last()
                .filter(|_| has_more)
                .map(|(partner, _)| partner.slug.clone()),
            partners: partners.into_iter().map(Partner::new).collect(),
        }))
    }

    /// List companies
    ///
    /// Returns bus companies with their sales limits, sorted by slug.
    #[oai(path = "/companies", method = "get", operation_id = "listCompanies")]
    pub(crate) async fn companies(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// Page size.
        take: Query<Take>,
        /// Only companies after this slug: `next` of the previous page.
        after: Query<Option<AfterSlug>>,
    ) -> Answer<CompanyList, Look> {
        let (take, after) = valid((take, after))?;
        let after = after.map_or_else(String::new, |slug| slug.0);
        let (companies, has_more) = ops::party::companies(&state.platform.pool, &after, take.0 as usize).await?;
        Ok(Reply::new(CompanyList {
            next: companies
                .last()
                .filter(|_| has_more)
                .map(|company| company.slug.clone()),
            companies: companies.into_iter().map(Into::into).collect(),
        }))
    }
}
