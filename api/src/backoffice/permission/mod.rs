//! What a company allows partners to do (contract section 7).

use std::sync::Arc;

use app::permission;
use domain::id::PartnerId;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::{Chapter, author};
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use body::SetAccesses;
use refusal::{Read, Set};
use wire::{OnePermission, PartnerPermission, PermissionList};

pub mod body;
pub mod refusal;
pub mod wire;

/// Operations on what partners may do.
#[derive(Debug, Clone, Copy)]
pub struct PermissionApi;

#[OpenApi(prefix_path = "/v2/company/partner-permissions", tag = "Chapter::Permissions")]
impl PermissionApi {
    /// List the permissions of partners
    ///
    /// Returns all partners, sorted by slug, with what the company allows each of them to do. Everything is allowed
    /// until the company changes it.
    #[oai(path = "/", method = "get", operation_id = "listPartnerPermissions")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<PermissionList, Read> {
        let (take, skip) = valid((take, skip))?;
        let pool = &state.platform.pool;
        let (granted, total) = permission::list(pool, office.company_id, take.0.into(), skip.0.into()).await?;
        Ok(Reply::new(PermissionList {
            permissions: granted.into_iter().map(PartnerPermission::new).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Set the permissions of a partner
    ///
    /// The change takes effect immediately, including for existing offers. An empty list allows nothing. Orders that
    /// were already sold remain sold.
    #[oai(path = "/:partnerId", method = "put", operation_id = "setPartnerPermission")]
    pub(crate) async fn set(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtCompany,
        /// Id of the partner.
        #[oai(name = "partnerId")]
        partner_id: Path<PartnerId>,
        body: Strict<SetAccesses>,
    ) -> Answer<OnePermission, Set> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let accesses: Vec<_> = body.0.accesses.iter().map(|word| word.0).collect();
        let by = author(&office.person, &context);
        let granted = permission::grant(pool, now, &by, office.company_id, partner_id.0, &accesses).await?;
        Ok(Reply::new(OnePermission {
            permission: PartnerPermission::new(granted),
        }))
    }
}
