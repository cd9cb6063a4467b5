//! Discounts that a partner may use (contract section 5).

use app::discount;
use chrono::NaiveDate;
use domain::discount::DiscountRule;
use domain::id::{CompanyId, DiscountId};
use domain::money::Currency;
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

/// A discount that a booking can use, with the company that grants it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferedDiscount {
    /// Opaque id. Pass it as `discountId` of a passenger.
    pub id: Id<DiscountId>,
    /// Company that grants the discount. The discount applies only to offers of this company.
    pub company_id: Id<CompanyId>,
    /// Name of the discount.
    #[schemars(example = &"Student")]
    pub name: String,
    /// How the discount is calculated.
    pub rule: Word<DiscountRule>,
    /// Percentage or fixed amount, depending on `rule`.
    #[schemars(example = 10)]
    pub amount: Amount,
    /// Currency of a fixed amount; null for a percentage.
    pub currency: Option<Word<Currency>>,
    /// First day of sale on which the discount applies, in the time zone of the company; null if there is no first day.
    #[schemars(example = &"2026-01-01")]
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which the discount applies, in the time zone of the company; null if there is no last day.
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
    /// Total number of discounts, regardless of `take` and `skip`.
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
    /// Returns the discounts that the partner can use today or later, oldest first. Includes only companies that allow
    /// the partner to book.
    #[oai(path = "/", method = "get", operation_id = "listDiscounts")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// Only discounts of this company. If the id is unknown, the list is empty.
        #[oai(name = "companyId")]
        company_id: Query<Option<CompanyKey>>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
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
