//! A user of a bus company: tracks all buses, and requests reports.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use reqwest::RequestBuilder;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::governor::may_begin;
use super::http::Answer;
use super::{Api, LoadContext, LoadPhase};
use crate::error::{Error, Result};
use crate::figures::locked;
use crate::rng::Rng;
use crate::settings::Settings;

/// A user with a session.
#[derive(Debug)]
pub struct Person {
    cookies: String,
    origin: String,
    today: NaiveDate,
}

impl Person {
    /// Signs in.
    ///
    /// # Errors
    /// When the API refuses.
    pub async fn sign_in(api: &Api, settings: &Settings, today: NaiveDate) -> Result<Self> {
        let body = json!({
            "email": settings.backoffice_email, "password": settings.backoffice_password.expose_secret(),
        });
        let asked = |http: &reqwest::Client, url: &str| http.post(format!("{url}/v2/auth/login")).json(&body);
        let answer = api.ask(asked).await;
        let refused = |what: &str| Error::SignIn(what.to_owned());
        let answer = answer.ok_or_else(|| refused("no answer"))?;
        if !answer.is_success() {
            return Err(refused(answer.code()));
        }
        Ok(Self {
            cookies: answer.cookies.join("; "),
            origin: settings.public_url.clone(),
            today,
        })
    }

    async fn post(&self, api: &Api, path: &str, key: &str, body: &Value) -> Option<Answer> {
        let asked = |http: &reqwest::Client, url: &str| {
            let request = self.signed(http.post(format!("{url}{path}")));
            request.header("idempotency-key", key).json(body)
        };
        api.ask(asked).await
    }

    /// A request in the session of this user.
    pub(super) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("cookie", &self.cookies).header("origin", &self.origin)
    }

    /// Enables the tracking of every bus of the company; returns the number of buses.
    ///
    /// # Errors
    /// When the API refuses.
    pub async fn track_buses(&self, api: &Api) -> Result<usize> {
        let path = "/v2/geolocation/fms-objects?take=100";
        let asked =
            |http: &reqwest::Client, url: &str| http.get(format!("{url}{path}")).header("cookie", &self.cookies);
        let refused = || Error::SignIn("the buses cannot be listed or tracked".to_owned());
        let answer = api.ask(asked).await.ok_or_else(refused)?;
        let objects = answer.body["data"]["fmsObjects"].as_array().ok_or_else(refused)?;
        for object in objects {
            let id = object["id"].as_str().unwrap_or_default();
            let path = format!("/v2/geolocation/fms-objects/{id}/toggle");
            let toggled = self
                .post(api, &path, &format!("toggle-{id}"), &json!({ "enabled": true }))
                .await;
            if !toggled.is_some_and(|answer| answer.is_success()) {
                return Err(refused());
            }
        }
        Ok(objects.len())
    }
}

/// Requests reports until the load is to end.
pub(super) async fn reports(
    context: LoadContext,
    person: Arc<Person>,
    mut rng: Rng,
    mut phase: watch::Receiver<LoadPhase>,
) {
    while may_begin(&mut phase).await {
        let from = person
            .today
            .checked_sub_days(Days::new(rng.below(300)))
            .unwrap_or(person.today);
        let body = json!({ "dateFrom": from, "dateTo": person.today.checked_add_days(Days::new(2)) });
        let key = format!("report-{}", rng.next());
        match person.post(&context.api, "/v2/reports/orders", &key, &body).await {
            Some(answer) if answer.is_success() => {
                context.figures.reports.add();
                if let Some(id) = answer.body["data"]["report"]["id"].as_str() {
                    locked(&context.records.reports).push(id.to_owned());
                }
            }
            Some(answer) => {
                let detail = format!("{key}: {} {}", answer.status, answer.code());
                context.records.find("a report is accepted", detail);
            }
            None => context.records.find("every request is answered in the end", key),
        }
        let pause = tokio::time::sleep(Duration::from_millis(700 + rng.below(1_000)));
        tokio::select! {
            () = pause => {}
            _ = phase.wait_for(|phase| *phase == LoadPhase::Stop) => {}
        }
    }
}
