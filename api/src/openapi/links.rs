//! OpenAPI links: from an operation to the operations that take a value out of its response.

use serde_json::{Value, json};

/// Operation, linked operation, parameter of the linked operation, and JSON pointer to its value in the response.
const LINKS: [(&str, &str, &str, &str); 32] = [
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
    ("listFmsObjects", "toggleFmsObject", "id", "/data/fmsObjects/0/id"),
    ("listFmsObjects", "listPositions", "id", "/data/fmsObjects/0/id"),
    ("toggleFmsObject", "listPositions", "id", "/data/fmsObject/id"),
    ("listOrders", "getOrder", "id", "/data/orders/0/id"),
    ("getOrder", "confirmOrder", "id", "/data/order/id"),
    ("getOrder", "rejectOrder", "id", "/data/order/id"),
    ("getOrder", "prepayOrder", "id", "/data/order/id"),
    ("getOrder", "moveOrder", "id", "/data/order/id"),
    (
        "listPartnerPermissions",
        "setPartnerPermission",
        "partnerId",
        "/data/permissions/0/partner/id",
    ),
    ("createApiKey", "revokeApiKey", "id", "/data/apiKey/id"),
    ("listApiKeys", "revokeApiKey", "id", "/data/apiKeys/0/id"),
    ("oldCreateOrders", "oldGetOrder", "id", "/0/id"),
    ("oldCreateOrders", "oldGetOrderRefundRules", "id", "/0/id"),
    ("oldListOrders", "oldGetOrder", "id", "/data/orders/0/id"),
    ("oldListOrders", "oldGetOrderRefundRules", "id", "/data/orders/0/id"),
    ("oldUpdateOrders", "oldGetOrder", "id", "/0/id"),
];

/// Actions on tickets of a booking. Their links say on which.
const ACTIONS: [&str; 3] = ["payBooking", "bookBooking", "cancelBooking"];

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
            let mut link = json!({ "operationId": to, "parameters": parameters });
            if ACTIONS.contains(to) {
                link["requestBody"] = json!({ "orderIds": ["$response.body#/data/booking/tickets/0/id"] });
            }
            ((*to).to_owned(), link)
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
