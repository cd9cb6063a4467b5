//! What operations on permissions are asked with.

use common::domain::company::PartnerAccess;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;
use crate::wire::value::Word;

/// What a partner may do from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetAccesses {
    /// All that is allowed; nothing when it is empty. One that is given twice counts once.
    #[schemars(length(max = 10))]
    pub accesses: Vec<Word<PartnerAccess>>,
}

bodies!(SetAccesses);
