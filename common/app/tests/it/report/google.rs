//! A bucket of Google Cloud Storage as far as reports need one (its XML API). Requests must carry a token that the
//! service account signed; signed links are verified as Google does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use poem::http::{Method, StatusCode, header};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::Data;
use poem::{Body, EndpointExt, Request, Response, Route, Server, handler};
use serde_json::json;
use sha2::{Digest, Sha256};

/// What Google leaves unencoded in canonical requests.
const UNRESERVED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

const EMAIL: &str = "reports@prexsell.example";

/// What the bucket keeps of an object.
#[derive(Debug, Clone)]
pub struct Object {
    pub bytes: Bytes,
    pub content_type: String,
    pub disposition: String,
}

#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Object>,
    /// Uploads under way, by their id: the object to be, and its parts.
    uploads: BTreeMap<String, (Object, BTreeMap<usize, Bytes>)>,
}

/// A running bucket, called `reports`.
pub struct FakeGoogle {
    pub url: String,
    pub account: String,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

struct State {
    /// PKCS #1.
    public_key: Vec<u8>,
    bucket: Mutex<Bucket>,
}

impl Drop for FakeGoogle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeGoogle {
    pub async fn start() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(private.as_ref())
        );
        let account = json!({
            "type": "service_account", "client_email": EMAIL, "private_key_id": "1", "private_key": pem,
        });
        let state = Arc::new(State {
            public_key: pair.public_key().as_ref().to_vec(),
            bucket: Mutex::default(),
        });
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let url = format!("http://{}", acceptor.local_addr()[0].as_socket_addr().unwrap());
        let routes = Route::new().at("/*path", serve).data(Arc::clone(&state));
        let task = tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(routes).await.unwrap() });
        Self {
            url,
            account: account.to_string(),
            state,
            task,
        }
    }

    /// Keys of all objects.
    pub fn keys(&self) -> Vec<String> {
        self.state.bucket.lock().unwrap().objects.keys().cloned().collect()
    }

    /// Uploads that were neither completed nor aborted.
    pub fn uploads(&self) -> usize {
        self.state.bucket.lock().unwrap().uploads.len()
    }
}

#[handler]
async fn serve(Data(state): Data<&Arc<State>>, request: &Request, body: Body) -> Response {
    let body = body.into_bytes().await.unwrap();
    state.answer(request, body).unwrap_or_else(|status| status.into())
}

fn xml(text: String) -> Response {
    Response::builder().content_type("application/xml").body(text)
}

impl State {
    fn answer(&self, request: &Request, body: Bytes) -> Result<Response, StatusCode> {
        let query: BTreeMap<String, String> = request.params().unwrap();
        self.authenticate(request, &query)?;
        let path = request.uri().path();
        let key = path.strip_prefix("/reports").ok_or(StatusCode::NOT_FOUND)?;
        // Encoded through and through, slashes too.
        let key = percent_encoding::percent_decode_str(key.trim_start_matches('/'));
        let key = key.decode_utf8().map_err(|_| StatusCode::BAD_REQUEST)?.into_owned();
        let mut bucket = self.bucket.lock().unwrap();
        let etag = |builder: poem::ResponseBuilder| builder.header(header::ETAG, "\"e\"");
        let upload = query.get("uploadId");
        match (request.method(), upload) {
            (&Method::GET, None) if key.is_empty() => Ok(xml(bucket.list(&query["prefix"]))),
            (&Method::GET, None) => {
                let object = bucket.objects.get(&key).ok_or(StatusCode::NOT_FOUND)?.clone();
                Ok(etag(Response::builder())
                    .content_type(object.content_type)
                    .header(header::CONTENT_DISPOSITION, object.disposition)
                    .body(object.bytes))
            }
            (&Method::PUT, None) => {
                bucket.objects.insert(key, object(request, body));
                Ok(etag(Response::builder()).finish())
            }
            (&Method::PUT, Some(id)) => {
                let (_, parts) = bucket.uploads.get_mut(id).ok_or(StatusCode::NOT_FOUND)?;
                parts.insert(query["partNumber"].parse().unwrap(), body);
                Ok(etag(Response::builder()).finish())
            }
            (&Method::POST, None) if query.contains_key("uploads") => {
                let id = format!("upload-{}", uuid::Uuid::new_v4().simple());
                bucket
                    .uploads
                    .insert(id.clone(), (object(request, body), BTreeMap::new()));
                Ok(xml(format!(
                    "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                )))
            }
            (&Method::POST, Some(id)) => {
                let (mut object, parts) = bucket.uploads.remove(id).ok_or(StatusCode::NOT_FOUND)?;
                object.bytes = parts.into_values().collect::<Vec<_>>().concat().into();
                bucket.objects.insert(key, object);
                Ok(xml(
                    "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>".to_owned(),
                ))
            }
            (&Method::DELETE, Some(id)) => {
                bucket.uploads.remove(id).ok_or(StatusCode::NOT_FOUND)?;
                Ok(StatusCode::NO_CONTENT.into())
            }
            (&Method::DELETE, None) => {
                bucket.objects.remove(&key).ok_or(StatusCode::NOT_FOUND)?;
                Ok(StatusCode::NO_CONTENT.into())
            }
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    fn authenticate(&self, request: &Request, query: &BTreeMap<String, String>) -> Result<(), StatusCode> {
        if let Some(signature) = query.get("X-Goog-Signature") {
            return self.verify_link(request, query, signature);
        }
        let token = request
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "));
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_aud = false;
        validation.set_issuer(&[EMAIL]);
        let key = DecodingKey::from_rsa_der(&self.public_key);
        jsonwebtoken::decode::<serde_json::Value>(token.unwrap_or_default(), &key, &validation)
            .map(|_| ())
            .map_err(|_| StatusCode::UNAUTHORIZED)
    }

    /// Google's V4 signature: <https://cloud.google.com/storage/docs/authentication/canonical-requests>.
    fn verify_link(
        &self,
        request: &Request,
        query: &BTreeMap<String, String>,
        signature: &str,
    ) -> Result<(), StatusCode> {
        let encode = |text: &str| percent_encoding::percent_encode(text.as_bytes(), UNRESERVED).to_string();
        let canonical_query: Vec<String> = query
            .iter()
            .filter(|(name, _)| *name != "X-Goog-Signature")
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        // A link of Google's is signed for Google's host, not for the address of this test.
        let canonical = format!(
            "{}\n{}\n{}\nhost:storage.googleapis.com\n\nhost\nUNSIGNED-PAYLOAD",
            request.method(),
            request.uri().path(),
            canonical_query.join("&"),
        );
        let (email, scope) = query["X-Goog-Credential"].split_once('/').unwrap();
        assert_eq!((email, query["X-Goog-Expires"].as_str()), (EMAIL, "900"));
        let digest = hex(&Sha256::digest(canonical.as_bytes()));
        let signed = format!("GOOG4-RSA-SHA256\n{}\n{scope}\n{digest}", query["X-Goog-Date"]);
        let signature: Option<Vec<u8>> = (0..signature.len() / 2)
            .map(|at| u8::from_str_radix(signature.get(2 * at..2 * at + 2)?, 16).ok())
            .collect();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public_key)
            .verify(signed.as_bytes(), &signature.unwrap_or_default())
            .map_err(|_| StatusCode::FORBIDDEN)
    }
}

impl Bucket {
    fn list(&self, prefix: &str) -> String {
        let contents = self.objects.iter().filter(|(key, _)| key.starts_with(prefix));
        let contents: String = contents
            .map(|(key, object)| {
                format!(
                    "<Contents><Key>{key}</Key><Size>{}</Size>\
                     <LastModified>2027-02-01T00:00:00.000Z</LastModified><ETag>\"e\"</ETag></Contents>",
                    object.bytes.len()
                )
            })
            .collect();
        format!("<ListBucketResult>{contents}</ListBucketResult>")
    }
}

fn object(request: &Request, bytes: Bytes) -> Object {
    let text = |name: &str| request.header(name).unwrap_or_default().to_owned();
    Object {
        bytes,
        content_type: text("content-type"),
        disposition: text("content-disposition"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
