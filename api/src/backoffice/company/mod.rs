//! Sales settings of a company.

use std::sync::Arc;

use app::company;
use app::company::SalesSettings as Stored;
use poem::web::Data;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::refund_rule::refusal::Terms;
use super::{Chapter, author};
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::reply::{Answer, Reply};
use body::SetSalesSettings;

pub mod body;

/// The settings of a company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OneSalesSettings {
    /// The settings in effect now.
    pub sales_settings: SalesSettings,
}

/// Sales settings of a company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SalesSettings {
    /// Minutes before boarding at which sales end.
    #[schemars(example = 30)]
    pub sales_cutoff_minutes: i32,
    /// Partners can cancel a paid order until this number of hours before boarding; null if they always can.
    #[schemars(example = 2)]
    pub cancellation_cutoff_hours: Option<i32>,
    /// Time zone of the company, which determines when its days begin and end. The company cannot change it.
    #[schemars(example = &"Europe/Kyiv")]
    pub time_zone: String,
}

impl From<Stored> for OneSalesSettings {
    fn from(stored: Stored) -> Self {
        Self {
            sales_settings: SalesSettings {
                sales_cutoff_minutes: stored.sales_cutoff_minutes,
                cancellation_cutoff_hours: stored.cancellation_cutoff_hours,
                time_zone: stored.time_zone,
            },
        }
    }
}

/// Operations on the settings of a company.
#[derive(Debug, Clone, Copy)]
pub struct CompanyApi;

#[OpenApi(prefix_path = "/v2/company/sales-settings", tag = "Chapter::Terms")]
impl CompanyApi {
    /// Get the sales settings
    ///
    /// Returns the sales cutoff and the cancellation cutoff of the company.
    #[oai(path = "/", method = "get", operation_id = "getSalesSettings")]
    pub(crate) async fn get(&self, state: Shared<'_>, office: AtCompany) -> Answer<OneSalesSettings, Terms> {
        let settings = company::sales_settings(&state.platform.pool, office.company_id).await?;
        Ok(Reply::new(settings.into()))
    }

    /// Set the sales settings
    ///
    /// Replaces the settings. They take effect immediately, including for existing offers and orders.
    #[oai(path = "/", method = "put", operation_id = "setSalesSettings")]
    pub(crate) async fn set(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtCompany,
        body: Strict<SetSalesSettings>,
    ) -> Answer<OneSalesSettings, Terms> {
        let SetSalesSettings {
            sales_cutoff_minutes: minutes,
            cancellation_cutoff_hours: hours,
        } = body.0;
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let by = author(&office.person, &context);
        let settings = company::set_sales_settings(pool, now, &by, office.company_id, minutes, hours).await?;
        Ok(Reply::new(settings.into()))
    }
}
