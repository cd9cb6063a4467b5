//! The page on which a person says who they are.

use serde::Deserialize;

/// Request parameters of the provider's page (OpenID Connect Core 1.0, section 3.1.2.1).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asked {
    pub response_type: String,
    pub client_id: String,
    pub redirect_uri: String,
    pub scope: String,
    pub state: String,
    pub nonce: String,
    pub code_challenge: String,
    pub code_challenge_method: String,
    /// What a person entered; missing on the first visit.
    pub email: Option<String>,
    /// The button that a person pressed.
    pub decision: Option<String>,
}

/// The page; its form comes back with the same parameters, an address and a decision.
pub(super) fn page(asked: &Asked) -> String {
    let hidden: String = [
        ("response_type", &asked.response_type),
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("scope", &asked.scope),
        ("state", &asked.state),
        ("nonce", &asked.nonce),
        ("code_challenge", &asked.code_challenge),
        ("code_challenge_method", &asked.code_challenge_method),
    ]
    .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value)))
    .concat();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>SYNTHETIC Google</title>\
         <h1>SYNTHETIC Google</h1><form>{hidden}<label>E-mail <input name=\"email\" type=\"email\" autofocus></label> \
         <button name=\"decision\" value=\"allow\">Continue</button> \
         <button name=\"decision\" value=\"deny\" formnovalidate>Cancel</button></form></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
