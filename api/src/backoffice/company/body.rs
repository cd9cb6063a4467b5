//! Request bodies of the operations on the settings of a company.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;

/// Sales settings of a company.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetSalesSettings {
    /// Minutes before boarding at which sales end, at most a week.
    #[schemars(range(min = 0, max = 10_080))]
    #[schemars(example = 30)]
    pub sales_cutoff_minutes: i32,
    /// Partners can cancel a paid order until this number of hours before boarding, at most a year. Omit it to allow
    /// canceling at any time.
    #[schemars(range(min = 0, max = 8_760))]
    #[schemars(example = 2)]
    pub cancellation_cutoff_hours: Option<i32>,
}

bodies!(SetSalesSettings);
