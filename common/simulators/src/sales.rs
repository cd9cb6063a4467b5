//! A partner and a clerk of the demo company, who give the console something to show: seats sold for the next days in
//! every state, a message that cannot be delivered, a report, and buses that are tracked. Everything goes through the
//! API, as in real use, so nothing is sold for past days.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use reqwest::{Client, Method, Response, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

/// The company that the clerk works for.
const COMPANY: &str = "demo-karpaty";

/// Days from today on which seats are sold.
const DAYS: u64 = 3;

/// Routes of the company, as slugs of cities.
const ROUTES: [(&str, &str); 3] = [("kyiv", "lviv"), ("kyiv", "odesa"), ("lviv", "budapest")];

/// What the partner does with its bookings, in turn.
const NEXT_STEPS: [NextStep; 6] = [
    NextStep::Pay,
    NextStep::Pay,
    NextStep::Book,
    NextStep::Pay,
    NextStep::Cancel,
    NextStep::Leave,
];

/// Invented passengers: given name, family name, e-mail address. The simulated mail server refuses the last address.
const PASSENGERS: [(&str, &str, &str); 5] = [
    ("Олена", "Коваль (SYNTHETIC)", "olena@example.com"),
    ("Тарас", "Бондар (SYNTHETIC)", "taras@example.com"),
    ("Zofia", "Nowak (SYNTHETIC)", "zofia@example.com"),
    ("Andrei", "Popescu (SYNTHETIC)", "andrei@example.com"),
    ("Ірина", "Шевченко (SYNTHETIC)", "iryna@bounce.example"),
];

/// What the partner does with a booking.
#[derive(Debug, Clone, Copy)]
enum NextStep {
    Pay,
    Book,
    /// Paid, then canceled.
    Cancel,
    /// Nothing: the company has to confirm it, or it expires.
    Leave,
}

/// How long a worker may take to list the buses of a new account.
const LISTED_WITHIN: Duration = Duration::from_secs(60);

/// Settings of the sales.
#[derive(Debug, Clone, Deserialize)]
pub struct SalesSettings {
    /// Where the API is.
    pub api_url: String,
    /// Key of the partner.
    pub api_key: SecretString,
    /// E-mail address of the clerk.
    pub backoffice_email: String,
    /// Password of the clerk.
    pub backoffice_password: SecretString,
}

/// Why the bookings of the demo could not be created.
#[derive(Debug, thiserror::Error)]
pub enum SalesError {
    /// The API did not answer.
    #[error("a request to the API failed")]
    Http(#[from] reqwest::Error),
    /// The buses of the company are not listed.
    #[error("no bus of the tracking provider was listed in {} seconds", LISTED_WITHIN.as_secs())]
    NoBus,
    /// The API refused.
    #[error("{request}: {status} {body}")]
    Refused {
        /// Method and path.
        request: String,
        /// HTTP status.
        status: u16,
        /// The body of the response.
        body: String,
    },
}

/// Sells the seats, asks for the report and switches tracking on; returns the number of bookings.
///
/// # Errors
/// The first refusal of the API. What was sold before stays.
pub async fn sell(settings: &SalesSettings, now: DateTime<Utc>) -> Result<usize, SalesError> {
    let sales = Sales {
        http: Client::builder().no_proxy().build()?,
        settings,
    };
    let (mut sold, today) = (0, now.date_naive());
    for day in (0..DAYS).filter_map(|days| today.checked_add_days(Days::new(days))) {
        for route in ROUTES {
            for offer in sales.offers(day, route).await?.iter().take(2) {
                sales.book(offer, sold).await?;
                sold += 1;
            }
        }
    }
    let clerk = sales.clerk().await?;
    clerk.report(today).await?;
    clerk.track().await?;
    Ok(sold)
}

struct Sales<'a> {
    http: Client,
    settings: &'a SalesSettings,
}

impl Sales<'_> {
    /// Ids of the offers of the company on a day.
    async fn offers(&self, day: NaiveDate, (from, to): (&str, &str)) -> Result<Vec<String>, SalesError> {
        let path = format!("/v2/offers?departureCity={from}&arrivalCity={to}&departureDate={day}&passengers=1");
        let found = self.ask(Method::GET, &path, None).await?;
        let offers = found["data"]["offers"].as_array().into_iter().flatten();
        let own = offers.filter(|offer| offer["slices"][0]["route"]["company"]["slug"] == COMPANY);
        Ok(own
            .filter_map(|offer| offer["id"].as_str().map(str::to_owned))
            .collect())
    }

    async fn book(&self, offer: &str, number: usize) -> Result<(), SalesError> {
        let (first_name, last_name, email) = PASSENGERS[number % PASSENGERS.len()];
        let passenger = json!({
            "firstName": first_name,
            "lastName": last_name,
            "email": email,
            "phones": [{ "phone": format!("+38067000{number:04}"), "messengers": [] }],
        });
        let body = json!({ "offerId": offer, "currency": "UAH", "passengers": [passenger] });
        let created = self.ask(Method::POST, "/v2/bookings", Some(body)).await?;
        let path = format!(
            "/v2/bookings/{}",
            created["data"]["booking"]["id"].as_str().unwrap_or_default()
        );
        let actions: &[&str] = match NEXT_STEPS[number % NEXT_STEPS.len()] {
            NextStep::Pay => &["pay"],
            NextStep::Book => &["book"],
            NextStep::Cancel => &["pay", "cancel"],
            NextStep::Leave => &[],
        };
        for action in actions {
            self.ask(Method::POST, &format!("{path}/{action}"), None).await?;
        }
        Ok(())
    }

    /// Signs in as the clerk.
    async fn clerk(&self) -> Result<Clerk, SalesError> {
        let SalesSettings {
            api_url,
            backoffice_email,
            backoffice_password,
            ..
        } = self.settings;
        let body = json!({ "email": backoffice_email, "password": backoffice_password.expose_secret() });
        let login = self
            .http
            .post(format!("{api_url}/v2/auth/login"))
            .json(&body)
            .send()
            .await?;
        let set = login.headers().get_all(header::SET_COOKIE).iter();
        let pair = |line: &header::HeaderValue| Some(line.to_str().ok()?.split(';').next()?.to_owned());
        let cookies: Vec<String> = set.filter_map(pair).collect();
        answer("POST /v2/auth/login", login).await?;
        Ok(Clerk {
            http: self.http.clone(),
            api_url: api_url.clone(),
            cookies: cookies.join("; "),
        })
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, SalesError> {
        let url = format!("{}{path}", self.settings.api_url);
        let key = self.settings.api_key.expose_secret();
        let mut request = self.http.request(method.clone(), url).header("x-api-key", key);
        if let Some(body) = &body {
            request = request.json(body);
        }
        answer(&format!("{method} {path}"), request.send().await?).await
    }
}

/// A clerk who is signed in.
struct Clerk {
    http: Client,
    api_url: String,
    cookies: String,
}

impl Clerk {
    /// Asks for the report of what was created up to today.
    async fn report(&self, today: NaiveDate) -> Result<(), SalesError> {
        let from = today.checked_sub_days(Days::new(6)).unwrap_or(today);
        let body = json!({ "dateFrom": from, "dateTo": today });
        self.ask(Method::POST, "/v2/reports/orders", Some(body)).await?;
        Ok(())
    }

    /// Switches the tracking of every bus on, as soon as they are listed.
    async fn track(&self) -> Result<(), SalesError> {
        let listed = tokio::time::timeout(LISTED_WITHIN, async {
            loop {
                let path = "/v2/geolocation/fms-objects?take=100";
                let found = self.ask(Method::GET, path, None).await?;
                let ids = found["data"]["fmsObjects"].as_array().into_iter().flatten();
                let ids: Vec<String> = ids.filter_map(|bus| bus["id"].as_str().map(str::to_owned)).collect();
                if !ids.is_empty() {
                    return Ok::<_, SalesError>(ids);
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
        for id in listed.await.map_err(|_| SalesError::NoBus)?? {
            let path = format!("/v2/geolocation/fms-objects/{id}/toggle");
            self.ask(Method::POST, &path, Some(json!({ "enabled": true }))).await?;
        }
        Ok(())
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, SalesError> {
        let mut request = self
            .http
            .request(method.clone(), format!("{}{path}", self.api_url))
            .header(header::COOKIE, &self.cookies)
            .header("sec-fetch-site", "same-origin");
        if let Some(body) = &body {
            request = request.json(body);
        }
        answer(&format!("{method} {path}"), request.send().await?).await
    }
}

/// The body of a success.
async fn answer(request: &str, response: Response) -> Result<Value, SalesError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response.json().await?);
    }
    Err(SalesError::Refused {
        request: request.to_owned(),
        status: status.as_u16(),
        body: response.text().await.unwrap_or_default(),
    })
}
