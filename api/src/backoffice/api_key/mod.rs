//! API keys of a partner (contract sections 1 and 7).

use std::sync::Arc;

use app::api_key;
use app::error::AppError;
use app::work::Work;
use domain::id::ApiKeyId;
use poem::web::Data;
use poem_openapi::OpenApi;
use rand::TryRng as _;
use rand::rngs::SysRng;

use super::{Chapter, author};
use crate::auth::person::AtPartner;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Empty, Failure, Reply};
use body::CreateApiKey;
use refusal::{Revoke, Use};
use wire::{ApiKey, ApiKeyList, NewApiKey};

pub mod body;
pub mod refusal;
pub mod wire;

/// Operations on API keys.
#[derive(Debug, Clone, Copy)]
pub struct ApiKeyApi;

#[OpenApi(prefix_path = "/v2/partner/api-keys", tag = "Chapter::Keys")]
impl ApiKeyApi {
    /// List API keys
    ///
    /// Returns the API keys of the partner, newest first, including revoked keys. The response does not contain the
    /// keys themselves.
    #[oai(path = "/", method = "get", operation_id = "listApiKeys")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        office: AtPartner,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<ApiKeyList, Use> {
        let (take, skip) = valid((take, skip))?;
        let pool = &state.platform.pool;
        let (keys, total) = api_key::list(pool, office.partner_id, take.0.into(), skip.0.into()).await?;
        Ok(Reply::new(ApiKeyList {
            api_keys: keys.into_iter().map(ApiKey::new).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Create an API key
    ///
    /// The response contains the key. The key is not shown again. It works immediately, in the environment of this
    /// server. Existing keys remain valid. A partner can have at most 10 active keys in an environment.
    #[oai(path = "/", method = "post", operation_id = "createApiKey")]
    pub(crate) async fn create(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPartner,
        body: Strict<CreateApiKey>,
    ) -> Answer<NewApiKey, Use, 201> {
        let mut secret = [0; 32];
        SysRng
            .try_fill_bytes(&mut secret)
            .map_err(|error| AppError::Internal(format!("no random bytes: {error}")))?;
        let now = state.platform.clock.now();
        let (by, environment) = (author(&office.person, &context), &state.environment);
        let issued = api_key::issue(&work, &by, office.partner_id, environment, &body.0.name, secret, now).await;
        let (stored, key) = issued?;
        Ok(Reply::new(NewApiKey {
            api_key: ApiKey::new(stored),
            key,
        }))
    }

    /// Revoke an API key
    ///
    /// Requests with the key fail within a second. Revoking a key again changes nothing.
    #[oai(path = "/:id", method = "delete", operation_id = "revokeApiKey")]
    pub(crate) async fn revoke(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtPartner,
        /// Id of the API key.
        id: Path<ApiKeyId>,
    ) -> Result<Empty, Failure<Revoke>> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let by = author(&office.person, &context);
        api_key::revoke(pool, &by, office.partner_id, id.0, now).await?;
        Ok(Empty::default())
    }
}
