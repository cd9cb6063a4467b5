//! Discounts: listed to partners, and taken off the price of a booking.

use app::work::Work;
use chrono::NaiveDate;
use db::discount::NewDiscount;
use domain::company::PartnerAccess::{Cancel, Search};
use domain::discount::DiscountRule::{self, Fixed, Percent};
use domain::money::Currency;
use rust_decimal::{Decimal, dec};
use serde_json::{Value, json};
use testing::world::operator;

use crate::harness::feed::COMPANY;
use crate::harness::partner::{Partner, Sold, order};
use crate::sales::create::with;
use crate::sales::support::{Shop, day, kyiv};

impl Shop {
    pub async fn discount(
        &self,
        company: &str,
        name: &str,
        kind: (DiscountRule, Decimal, Option<Currency>),
        days: [Option<&str>; 2],
    ) -> String {
        let company = app::company::named(self.pool(), company).await.unwrap();
        let [start_date, end_date] = days.map(|text| text.map(day) as Option<NaiveDate>);
        let (rule, amount, currency) = kind;
        let name = name.to_owned();
        let new = NewDiscount {
            name,
            rule,
            amount,
            currency,
            start_date,
            end_date,
        };
        let (work, now) = (Work::Own(self.pool().clone()), self.clock.now());
        app::discount::create(&work, now, &operator(), company, &new)
            .await
            .unwrap()
            .to_string()
    }
}

#[tokio::test]
async fn discounts_come_off_the_price_while_they_hold() {
    let shop = Shop::open().await;
    shop.sql(
        "insert into exchange_rates (base, quote, rate, updated_at) values ('EUR', 'UAH', 48.7, now());
         update publication set version = version + 1",
    )
    .await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let sell = async |discount: &str| {
        let body = with(&order(&token, 2), "/passengers/1/discountId", json!(discount));
        partner.post("/v2/bookings", &body).await
    };
    let always = [None, None];
    let cases = [
        ("Student", (Percent, dec!(12.5), None), json!(262.5)),
        ("Third", (Percent, dec!(33.33), None), json!(200.01)),
        ("Guest", (Percent, dec!(100), None), json!(0)),
        ("Welcome", (Fixed, dec!(50.5), Some(Currency::Uah)), json!(249.5)),
        ("Euro", (Fixed, dec!(2), Some(Currency::Eur)), json!(202.6)),
        ("Gift", (Fixed, dec!(900), Some(Currency::Uah)), json!(0)),
    ];
    for (name, kind, price) in cases {
        let id = shop.discount(COMPANY, name, kind, always).await;
        let sold = Sold::of(&sell(&id).await);
        let [full, less] = [0, 1].map(|at| &sold.body["tickets"][at]);
        assert_eq!(
            (&full["price"]["amount"], &full["discount"]),
            (&json!(300), &Value::Null)
        );
        assert_eq!(less["price"]["amount"], price, "{name}");
        assert_eq!(
            (&less["discount"]["id"], &less["discount"]["name"]),
            (&json!(id), &json!(name))
        );
    }
    let foreign = shop
        .discount("demo-karpaty", "Theirs", (Percent, dec!(10), None), always)
        .await;
    assert_eq!(sell(&foreign).await.fields(), ["passengers[1].discountId discount"]);
    assert_eq!(
        sell("dsc_00000000000070008000000000000001").await.fields(),
        ["passengers[1].discountId discount"]
    );
    assert_eq!(sell("").await.fields(), ["passengers[1].discountId discount"]);
    shop.audit().await;
}

#[tokio::test]
async fn a_discount_holds_on_days_of_the_company() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let range = [Some("2027-02-03"), Some("2027-02-04")];
    let id = shop
        .discount(COMPANY, "Two days", (Percent, dec!(10), None), range)
        .await;
    let status_at = async |date: &str, time: &str| {
        shop.travel(kyiv(date, time));
        let token = partner.token(50, "kyiv", "lviv", 1).await;
        let body = with(&order(&token, 1), "/passengers/0/discountId", json!(id));
        partner.post("/v2/bookings", &body).await.status
    };
    assert_eq!(status_at("2027-02-02", "23:59").await, 400);
    assert_eq!(status_at("2027-02-03", "00:00").await, 201);
    assert_eq!(status_at("2027-02-04", "23:59").await, 201);
    assert_eq!(status_at("2027-02-05", "00:00").await, 400);
}

async fn listed(partner: &Partner, query: &str) -> (Value, Vec<String>) {
    let seen = partner.get(&format!("/v2/discounts{query}")).await;
    seen.status(200);
    let data = &seen.body["data"];
    let names = data["discounts"].as_array().unwrap().iter();
    let names = names.map(|discount| discount["name"].as_str().unwrap().to_owned());
    (data["total"].clone(), names.collect())
}

#[tokio::test]
async fn partners_list_the_discounts_that_they_may_use_today_or_later() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let percent = (Percent, dec!(12.5), None);
    let to = |end| [None, Some(end)];
    // The shop opens on 1 February at ten in the morning.
    let student = shop.discount(COMPANY, "Student", percent, [None, None]).await;
    shop.discount(COMPANY, "Over", percent, to("2027-01-31")).await;
    shop.discount(COMPANY, "Last day", percent, to("2027-02-01")).await;
    shop.discount(COMPANY, "Summer", percent, [Some("2027-06-01"), Some("2027-08-31")])
        .await;
    let sum = (Fixed, dec!(50.50), Some(Currency::Uah));
    shop.discount("demo-karpaty", "Welcome", sum, [None, None]).await;

    let all = ["Student", "Last day", "Summer", "Welcome"];
    assert_eq!(listed(&partner, "").await, (json!(4), all.map(str::to_owned).to_vec()));
    let first = &partner.get("/v2/discounts?take=1").await.body["data"]["discounts"][0];
    let company = shop.company_id().await;
    assert_eq!(
        *first,
        json!({ "id": student, "companyId": company.to_string(), "name": "Student", "rule": "Percent", "amount": 12.5,
                "currency": null, "startDate": null, "endDate": null })
    );
    let own = listed(&partner, &format!("?companyId={company}")).await;
    assert_eq!(
        own,
        (json!(3), all[..3].iter().map(|name| (*name).to_owned()).collect())
    );
    assert_eq!(
        listed(&partner, "?take=2&skip=3").await,
        (json!(4), vec!["Welcome".into()])
    );
    assert_eq!(listed(&partner, "?skip=9").await, (json!(4), vec![]), "the total stays");
    for unknown in ["cmp_00000000000070008000000000000001", "prt_1", "x"] {
        assert_eq!(
            listed(&partner, &format!("?companyId={unknown}")).await,
            (json!(0), vec![])
        );
    }

    // The day ends at midnight in Kyiv, not in UTC.
    shop.travel(kyiv("2027-02-01", "23:59"));
    assert_eq!(listed(&partner, "").await.0, 4);
    shop.travel(kyiv("2027-02-02", "00:00"));
    assert_eq!(listed(&partner, "").await.0, 3);

    // The partner no longer sees discounts of a company that does not let it book; other partners still do.
    let website = shop.partner_id("website").await;
    app::permission::set(
        shop.pool(),
        shop.clock.now(),
        &operator(),
        company,
        website,
        &[Search, Cancel],
    )
    .await
    .unwrap();
    assert_eq!(listed(&partner, "").await, (json!(1), vec!["Welcome".into()]));
    assert_eq!(listed(&shop.reseller(), "").await.0, 3);
    shop.visitor().get("/v2/discounts").await.status(401);
}
