//! TLS of the API itself, for installations without a proxy that terminates it: one certificate, which can be replaced
//! while the process runs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use metrics::prometheus_client::metrics::gauge::Gauge;
use metrics::prometheus_client::registry::Registry;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::certificate::not_after;

/// Certificate and key, as read from their files.
#[derive(Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    config: ArcSwap<ServerConfig>,
    /// Seconds since 1970 at which the certificate ends; 0 when that cannot be read.
    ends_at: Gauge,
}

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file does not exist, is unreadable, or is not PEM.
    #[error("{setting} cannot be used: {}: {error}", path.display())]
    File {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// The problem.
        error: pem::Error,
    },
    /// Certificate and key do not match, or are of an unsupported kind.
    #[error("TLS_CERT and TLS_KEY cannot be used: {0}")]
    Pair(#[from] rustls::Error),
}

impl Tls {
    /// Reads a PEM file of a certificate followed by its chain, and one of its key.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn load(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Result<Self, TlsError> {
        let (certificate, key) = (certificate.into(), key.into());
        let (config, ends_at) = read(&certificate, &key)?;
        let tls = Self {
            certificate,
            key,
            config: ArcSwap::new(config),
            ends_at: Gauge::default(),
        };
        tls.ends_at.set(ends_at);
        Ok(tls)
    }

    /// Reads the files again. New connections get the new certificate, or the old one if the new one cannot be used.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn reload(&self) -> Result<(), TlsError> {
        let (config, ends_at) = read(&self.certificate, &self.key)?;
        self.config.store(config);
        self.ends_at.set(ends_at);
        Ok(())
    }

    /// Registers the metric of when the certificate ends.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "prexsell_certificate_expiry_timestamp_seconds",
            "Unix time at which the certificate of the process expires",
            self.ends_at.clone(),
        );
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.load_full())
    }
}

/// The configuration, and when the certificate ends.
fn read(certificate: &Path, key: &Path) -> Result<(Arc<ServerConfig>, i64), TlsError> {
    let wrong = |setting, path: &Path, error| TlsError::File {
        setting,
        path: path.to_owned(),
        error,
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong("TLS_CERT", certificate, error))?;
    let Some(own) = chain.first() else {
        return Err(wrong("TLS_CERT", certificate, pem::Error::NoItemsFound));
    };
    let ends_at = not_after(own).map_or(0, |end| end.timestamp());
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong("TLS_KEY", key, error))?;
    // The provider is named so that it does not matter which one was installed before.
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((Arc::new(config), ends_at))
}

impl From<TlsError> for io::Error {
    fn from(error: TlsError) -> Self {
        Self::other(error)
    }
}
