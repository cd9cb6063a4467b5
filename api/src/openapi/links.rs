//! What an answer leads to: OpenAPI links from an operation to those that take something out of its answer.

use serde_json::{Value, json};

/// Operation, operation that it leads to, parameter of that, and where in the answer its value is.
const LINKS: [(&str, &str, &str, &str); 16] = [
    ("listCities", "getCity", "slug", "/data/cities/0/slug"),
    ("listCities", "listCityStops", "slug", "/data/cities/0/slug"),
    ("getCity", "listCityStops", "slug", "/data/city/slug"),
    ("listCityStops", "getStop", "id", "/data/stops/0/id"),
    ("listStops", "getStop", "id", "/data/stops/0/id"),
    ("createBooking", "getBooking", "id", "/data/booking/id"),
    ("createBooking", "getRefundRules", "id", "/data/booking/id"),
    ("createBooking", "payBooking", "id", "/data/booking/id"),
    ("createBooking", "bookBooking", "id", "/data/booking/id"),
    ("createBooking", "cancelBooking", "id", "/data/booking/id"),
    ("payBooking", "cancelBooking", "id", "/data/booking/id"),
    ("listBookings", "getBooking", "id", "/data/bookings/0/id"),
    ("listBookings", "getRefundRules", "id", "/data/bookings/0/id"),
    ("createOrdersReport", "getOrdersReport", "id", "/data/report/id"),
    ("listOrdersReports", "getOrdersReport", "id", "/data/reports/0/id"),
    ("getOrdersReport", "downloadOrdersReport", "id", "/data/report/id"),
];

/// The links of an operation's success, if it has any.
pub(super) fn of(operation: &str) -> Option<Value> {
    if operation == "searchOffers" {
        return Some(json!({ "createBooking": booking_of_an_offer() }));
    }
    let links: serde_json::Map<_, _> = LINKS
        .iter()
        .filter(|(from, ..)| *from == operation)
        .map(|(_, to, parameter, pointer)| {
            let parameters = json!({ *parameter: format!("$response.body#{pointer}") });
            ((*to).to_owned(), json!({ "operationId": to, "parameters": parameters }))
        })
        .collect();
    (!links.is_empty()).then(|| links.into())
}

/// A booking of the first offer for one passenger.
fn booking_of_an_offer() -> Value {
    json!({
        "operationId": "createBooking",
        "requestBody": {
            "offerId": "$response.body#/data/offers/0/id",
            "currency": "$response.body#/data/offers/0/prices/0/currency",
            "passengers": [{
                "firstName": "Олена",
                "lastName": "Коваленко",
                "phones": [{ "phone": "+380671234567" }],
            }],
        },
    })
}
