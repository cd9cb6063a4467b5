//! Request bodies of the operations on permissions.

use domain::company::PartnerAccess;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;
use crate::wire::value::Word;

/// Permissions of a partner.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetAccesses {
    /// Everything that the partner is allowed to do. An empty list allows nothing. Duplicates are ignored.
    #[schemars(length(max = 10))]
    pub accesses: Vec<Word<PartnerAccess>>,
}

bodies!(SetAccesses);
