//! The discounts of a company, as the company itself handles them.

use std::sync::Arc;

use app::discount;
use app::discount::NewDiscount;
use app::work::Work;
use chrono::NaiveDate;
use domain::discount::{Discount, DiscountRule};
use domain::id::DiscountId;
use domain::money::Currency;
use poem::web::Data;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::refund_rule::refusal::{OneOf, Terms};
use super::{Chapter, author};
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Empty, Failure, Reply};
use crate::wire::value::{Amount, Id, Word};
use body::{CreateDiscount, SetDiscountDays};

pub mod body;

/// A page of the discounts of a company.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyDiscountList {
    /// Oldest first.
    #[schemars(length(max = 100))]
    pub discounts: Vec<CompanyDiscount>,
    /// Total number of discounts, regardless of `take` and `skip`.
    #[schemars(example = 2)]
    pub total: i64,
}

/// A single discount.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneDiscount {
    /// The discount.
    pub discount: CompanyDiscount,
}

/// A discount of the company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompanyDiscount {
    /// Opaque id.
    pub id: Id<DiscountId>,
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
    /// First day of sale on which the discount applies, in the time zone of the company; null if there is none.
    #[schemars(example = &"2026-01-01")]
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which the discount applies, in the time zone of the company; null if there is none.
    #[schemars(example = &"2026-12-31")]
    pub end_date: Option<NaiveDate>,
}

impl From<Discount> for CompanyDiscount {
    fn from(discount: Discount) -> Self {
        Self {
            id: Id(discount.id),
            name: discount.name,
            rule: Word(discount.rule),
            amount: Amount(discount.amount),
            currency: discount.currency.map(Word),
            start_date: discount.start_date,
            end_date: discount.end_date,
        }
    }
}

/// Operations on the discounts of a company.
#[derive(Debug, Clone, Copy)]
pub struct CompanyDiscountApi;

#[OpenApi(prefix_path = "/v2/company/discounts", tag = "Chapter::Terms")]
impl CompanyDiscountApi {
    /// List the discounts of the company
    ///
    /// Returns the discounts of the company that are not withdrawn, oldest first.
    #[oai(path = "/", method = "get", operation_id = "listCompanyDiscounts")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<CompanyDiscountList, Terms> {
        let (take, skip) = valid((take, skip))?;
        let pool = &state.platform.pool;
        let (found, total) = discount::of_company(pool, office.company_id, take.0.into(), skip.0.into()).await?;
        Ok(Reply::new(CompanyDiscountList {
            discounts: found.into_iter().map(Into::into).collect(),
            total,
        }))
    }

    /// Create a discount
    ///
    /// Partners that are allowed to book can use the discount immediately, within its days of sale.
    #[oai(path = "/", method = "post", operation_id = "createDiscount")]
    pub(crate) async fn create(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        body: Strict<CreateDiscount>,
    ) -> Answer<OneDiscount, Terms, 201> {
        let new = NewDiscount::from(body.0);
        let (now, by) = (state.platform.clock.now(), author(&office.person, &context));
        let id = discount::create(&work, now, &by, office.company_id, &new).await?;
        let discount = CompanyDiscount {
            id: Id(id),
            name: new.name,
            rule: Word(new.rule),
            amount: Amount(new.amount),
            currency: new.currency.map(Word),
            start_date: new.start_date,
            end_date: new.end_date,
        };
        Ok(Reply::new(OneDiscount { discount }))
    }

    /// Set the days of sale of a discount
    ///
    /// Replaces the days on which the discount can be used. The amount of a discount cannot be changed, because orders
    /// that were sold with it show it: withdraw it and create another one.
    #[oai(path = "/:id", method = "put", operation_id = "setDiscountDays")]
    pub(crate) async fn set_days(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtCompany,
        /// Id of the discount.
        id: Path<DiscountId>,
        body: Strict<SetDiscountDays>,
    ) -> Answer<OneDiscount, OneOf> {
        let days = (body.0.start_date, body.0.end_date);
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let by = author(&office.person, &context);
        let discount = discount::set_days(pool, now, &by, office.company_id, id.0, days).await?;
        Ok(Reply::new(OneDiscount {
            discount: discount.into(),
        }))
    }

    /// Withdraw a discount
    ///
    /// The discount can no longer be used. Orders that were sold with it keep their prices and show it. Withdrawing a
    /// discount again changes nothing.
    #[oai(path = "/:id", method = "delete", operation_id = "withdrawDiscount")]
    pub(crate) async fn withdraw(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtCompany,
        /// Id of the discount.
        id: Path<DiscountId>,
    ) -> Result<Empty, Failure<OneOf>> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let by = author(&office.person, &context);
        discount::withdraw(pool, now, &by, office.company_id, id.0).await?;
        Ok(Empty::default())
    }
}
