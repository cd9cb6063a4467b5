//! Offers: what a partner may buy for the next 20 minutes, frozen in a signed token (contract section 4).

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::language::Language;
use crate::id::{PartnerId, PriceId, StopId, TripId};
use crate::money::{Currency, Money};

/// How long an offer is valid.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(20);

/// `{"typ":"JWT","alg":"HS256"}` and the dot after it: every token begins with it.
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.";

/// The content of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The partner to which it was made.
    pub partner_id: PartnerId,
    /// The trip.
    pub trip_id: TripId,
    /// Its service day.
    pub service_day: NaiveDate,
    /// Stop and position of boarding.
    pub from: (StopId, u16),
    /// Stop and position of alighting.
    pub to: (StopId, u16),
    /// Maximum number of passengers.
    pub passengers: u8,
    /// Price per passenger, in one or more currencies.
    pub prices: Vec<Money>,
    /// Language of the search, and so of the messages.
    pub language: Language,
    /// When it ends; whole seconds.
    pub expires_at: DateTime<Utc>,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// Not issued by us, or issued for another partner.
    #[error("the offer was not made to this partner")]
    Malformed,
    /// It has expired.
    #[error("the offer has expired")]
    Expired,
}

/// Signs and verifies offers.
pub struct OfferKey {
    signing: hmac::Key,
    decoding: DecodingKey,
    validation: Validation,
}

impl std::fmt::Debug for OfferKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OfferKey")
    }
}

/// The claims of a token (RFC 7519); names are short because a search answers with many tokens.
#[derive(Serialize, Deserialize)]
struct Claims {
    aud: PartnerId,
    exp: i64,
    trip: TripId,
    day: NaiveDate,
    from: (StopId, u16),
    to: (StopId, u16),
    n: u8,
    prices: Vec<(Currency, Decimal)>,
    lang: Language,
}

impl OfferKey {
    /// A key from the shared secret of all API replicas.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Time comes in as an argument and the partner is compared below, so the library checks the signature only.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.set_required_spec_claims(&["exp", "aud"]);
        Self {
            signing: hmac::Key::new(hmac::HMAC_SHA256, secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// The token of an offer. A search signs many, so the header and the key schedule are prepared; the text is that of
    /// `jsonwebtoken::encode`.
    ///
    /// # Errors
    /// When the claims do not serialise, which they always do.
    pub fn sign(&self, offer: &Offer) -> Result<String, serde_json::Error> {
        let claims = Claims {
            aud: offer.partner_id,
            exp: offer.expires_at.timestamp(),
            trip: offer.trip_id,
            day: offer.service_day,
            from: offer.from,
            to: offer.to,
            n: offer.passengers,
            prices: offer
                .prices
                .iter()
                .map(|price| (price.currency, price.amount))
                .collect(),
            lang: offer.language,
        };
        let claims = serde_json::to_vec(&claims)?;
        let mut token = String::with_capacity(HEADER.len() + claims.len().div_ceil(3) * 4 + 64);
        token.push_str(HEADER);
        URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
        let signature = hmac::sign(&self.signing, token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The offer of a token that was made for this partner.
    ///
    /// # Errors
    /// [`OfferError::Malformed`] for anything that is not such a token, [`OfferError::Expired`] for an old one.
    pub fn verify(&self, token: &str, partner_id: PartnerId, now: DateTime<Utc>) -> Result<Offer, OfferError> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|_| OfferError::Malformed)?
            .claims;
        if claims.aud != partner_id {
            return Err(OfferError::Malformed);
        }
        let expires_at = DateTime::from_timestamp(claims.exp, 0).ok_or(OfferError::Malformed)?;
        if expires_at <= now {
            return Err(OfferError::Expired);
        }
        Ok(Offer {
            partner_id,
            trip_id: claims.trip,
            service_day: claims.day,
            from: claims.from,
            to: claims.to,
            passengers: claims.n,
            prices: claims
                .prices
                .into_iter()
                .map(|(currency, amount)| Money::new(amount, currency))
                .collect(),
            language: claims.lang,
            expires_at,
        })
    }
}

/// The id of a price: the same for the same trip, stops and currency.
#[must_use]
pub fn price_id(trip_id: TripId, from: StopId, to: StopId, currency: Currency) -> PriceId {
    let mut hasher = Sha256::new();
    for part in [
        trip_id.0.as_bytes().as_slice(),
        from.0.as_bytes(),
        to.0.as_bytes(),
        currency.code().as_bytes(),
    ] {
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    PriceId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use chrono::{DateTime, TimeDelta, Utc};
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    use rust_decimal::dec;

    use super::{Claims, LIFETIME, Offer, OfferError, OfferKey};
    use crate::id::{PartnerId, StopId, TripId};
    use crate::language::Language;
    use crate::money::{Currency, Money};

    fn offer(now: DateTime<Utc>) -> Offer {
        Offer {
            partner_id: PartnerId::new(),
            trip_id: TripId::new(),
            service_day: now.date_naive(),
            from: (StopId::new(), 0),
            to: (StopId::new(), 3),
            passengers: 2,
            prices: vec![
                Money::new(dec!(45.90), Currency::Eur),
                Money::new(dec!(2240), Currency::Uah),
            ],
            language: Language::Cs,
            expires_at: now + LIFETIME,
        }
    }

    #[test]
    fn a_token_gives_back_the_offer_to_its_partner_only_and_for_twenty_minutes() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let key = OfferKey::new(&[7; 32]);
        let offer = offer(now);
        let token = key.sign(&offer).unwrap();
        assert_eq!(key.verify(&token, offer.partner_id, now), Ok(offer.clone()));
        let last_moment = now + LIFETIME - TimeDelta::milliseconds(1);
        assert!(key.verify(&token, offer.partner_id, last_moment).is_ok());
        assert_eq!(
            key.verify(&token, offer.partner_id, now + LIFETIME),
            Err(OfferError::Expired)
        );
        assert_eq!(key.verify(&token, PartnerId::new(), now), Err(OfferError::Malformed));
        assert_eq!(
            OfferKey::new(&[8; 32]).verify(&token, offer.partner_id, now),
            Err(OfferError::Malformed)
        );
        let cut = &token[..token.len() - 1];
        assert_eq!(key.verify(cut, offer.partner_id, now), Err(OfferError::Malformed));
    }

    #[test]
    fn a_token_is_what_the_library_makes_of_its_claims() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let token = OfferKey::new(&[7; 32]).sign(&offer(now)).unwrap();
        let claims = token.split('.').nth(1).unwrap();
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let key = EncodingKey::from_secret(&[7; 32]);
        assert_eq!(
            token,
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
        );
    }

    #[test]
    fn a_token_without_signature_is_malformed() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let offer = offer(now);
        let token = OfferKey::new(&[7; 32]).sign(&offer).unwrap();
        let claims = token.split('.').nth(1).unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
        assert_eq!(
            OfferKey::new(&[7; 32]).verify(&unsigned, offer.partner_id, now),
            Err(OfferError::Malformed)
        );
    }
}
