//! Discounts that a partner may use (contract section 5).

use chrono::NaiveDate;
use common::app::discount;
use common::domain;
use common::domain::discount::DiscountRule;
use common::id::{CompanyId, DiscountId};
use common::money::Currency;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::partner::Caller;
use crate::state::Shared;
use crate::wire::param::{CompanyKey, Skip, Take};
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use crate::wire::value::{Amount, Id, Word};

/// A discount that can be named in a booking, with its company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferedDiscount {
    /// Opaque id: `discountId` of a passenger.
    pub id: Id<DiscountId>,
    /// The company that gives it; it is for offers of this company only.
    pub company_id: Id<CompanyId>,
    /// Its name.
    #[schemars(example = &"Student")]
    pub name: String,
    /// How it is calculated.
    pub rule: Word<DiscountRule>,
    /// Percent or sum.
    #[schemars(example = 10)]
    pub amount: Amount,
    /// Currency of the sum; null for percent.
    pub currency: Option<Word<Currency>>,
    /// First day of sale on which it applies, in the time zone of the company; null is open.
    #[schemars(example = &"2026-01-01")]
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which it applies, in the time zone of the company; null is open.
    #[schemars(example = &"2026-12-31")]
    pub end_date: Option<NaiveDate>,
}

impl From<domain::discount::Discount> for OfferedDiscount {
    fn from(discount: domain::discount::Discount) -> Self {
        Self {
            id: Id(discount.id),
            company_id: Id(discount.company_id),
            name: discount.name,
            rule: Word(discount.rule),
            amount: Amount(discount.amount),
            currency: discount.currency.map(Word),
            start_date: discount.start_date,
            end_date: discount.end_date,
        }
    }
}

/// A page of discounts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiscountList {
    #[schemars(length(max = 100))]
    discounts: Vec<OfferedDiscount>,
    /// Number of discounts without `take` and `skip`.
    #[schemars(example = 2)]
    total: usize,
}

/// Operations on discounts.
#[derive(Debug, Clone, Copy)]
pub struct DiscountApi;

#[OpenApi(prefix_path = "/v2/discounts", tag = "Chapter::Bookings")]
impl DiscountApi {
    /// List discounts
    ///
    /// Discounts that the partner may use today or later, of the companies that let it book, oldest first.
    #[oai(path = "/", method = "get", operation_id = "listDiscounts")]
    async fn list(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// Only discounts of this company; an unknown id has none.
        #[oai(name = "companyId")]
        company_id: Query<Option<CompanyKey>>,
        /// Page size.
        take: Query<Take>,
        /// Number of discounts to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<DiscountList, ()> {
        let (company_id, take, skip) = valid((company_id, take, skip))?;
        let company_id = company_id.map(|key| key.0.parse::<CompanyId>()).transpose();
        let Ok(company_id) = company_id else {
            return Ok(Reply::new(DiscountList {
                discounts: Vec::new(),
                total: 0,
            }));
        };
        let (discounts, total) = discount::list(
            &state.platform,
            caller.partner_id,
            company_id,
            take.0.into(),
            skip.0.into(),
        )
        .await?;
        Ok(Reply::new(DiscountList {
            discounts: discounts.into_iter().map(Into::into).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }
}
