//! What the generated document lacks.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{example, links};
use crate::error::ErrorBody;

/// A document that cannot be finished.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    /// poem-openapi did not write JSON.
    #[error("the generated document is not JSON")]
    Malformed(#[from] serde_json::Error),
    /// Two types of one name.
    #[error("two schemas are called {0}")]
    Ambiguous(String),
}

/// Chapters in the order in which partners, and then people of the backoffice, meet them.
const CHAPTERS: [&str; 10] = [
    "Catalogue",
    "Search",
    "Bookings",
    "Sessions",
    "Reports",
    "Geolocation",
    "Orders",
    "Permissions",
    "Keys",
    "Legacy",
];

/// Stands in the schema of a parameter that may be empty, and belongs to the parameter itself.
const EMPTY: &str = "allowEmptyValue";

/// Headers of deprecated operations, and the component of each.
const OLD_HEADERS: [(&str, &str); 3] = [
    ("deprecation", "Deprecation"),
    ("sunset", "Sunset"),
    ("link", "DeprecationLink"),
];

/// An answer that operations share.
struct Shared {
    /// Name of the component.
    name: &'static str,
    status: &'static str,
    /// Its code and what it means.
    meaning: &'static str,
    /// An example of its message.
    message: &'static str,
}

const SHARED: [Shared; 6] = [
    Shared {
        name: "ValidationError",
        status: "400",
        meaning: "`VALIDATION_ERROR`: one item per offending field, `details` names the field and the rule.",
        message: "take: must be at most 100",
    },
    Shared {
        name: "Unauthorized",
        status: "401",
        meaning: "`UNAUTHORIZED`: the key is missing or unknown.",
        message: "API key missing or unknown",
    },
    Shared {
        name: "PayloadTooLarge",
        status: "413",
        meaning: "`PAYLOAD_TOO_LARGE`: the body is over 1 MiB.",
        message: "The body is over 1048576 bytes",
    },
    Shared {
        name: "UnsupportedMediaType",
        status: "415",
        meaning: "`UNSUPPORTED_MEDIA_TYPE`: the body is not `application/json`, or is compressed.",
        message: "Content-Type must be application/json",
    },
    Shared {
        name: "InternalError",
        status: "500",
        meaning: "`INTERNAL_ERROR`: a fault of ours; tell us the `x-request-id`.",
        message: "Internal error",
    },
    Shared {
        name: "Unavailable",
        status: "503",
        meaning: "`UNAVAILABLE`: try again after `Retry-After` seconds.",
        message: "Temporarily unavailable, try again",
    },
];

/// Unpacks schemas, adds the shared answers, headers and server, and drops what says nothing.
pub(super) fn finish(generated: &str, server: &str) -> Result<Value, Unfinished> {
    let mut document: Value = serde_json::from_str(&generated.replace("#/$defs/", "#/components/schemas/"))?;
    let mut schemas = Map::new();
    unpack(&mut document["paths"], &mut schemas)?;
    let mut generator = SchemaSettings::openapi3().for_serialize().into_generator();
    generator.subschema_for::<ErrorBody>();
    add_schemas(generator.take_definitions(true), &mut schemas)?;
    schemas.sort_keys();

    let operations = document["paths"].as_object_mut().into_iter().flatten();
    for operation in operations.flat_map(|(_, path)| path.as_object_mut().into_iter().flatten()) {
        finish_operation(operation.1);
        show(operation.1, &schemas);
    }
    let schemes = document["components"]["securitySchemes"].take();
    document["components"] = json!({
        "schemas": schemas,
        "responses": shared_responses(),
        "headers": { "RequestId": {
            "description": "The caller's `x-request-id` if it sent a valid one, else a new one.",
            "schema": { "type": "string", "example": "0198c6a5f0e7d8c9b3a2f1e0d4c5b6a" },
        }, "Deprecation": {
            "description": "Since when it is deprecated (RFC 9745).",
            "schema": { "type": "string", "example": "@1796083200" },
        }, "Sunset": {
            "description": "When it ends at the earliest (RFC 8594).",
            "schema": { "type": "string", "example": "Mon, 01 Mar 2027 00:00:00 GMT" },
        }, "DeprecationLink": {
            "description": "The guide to what replaces it.",
            "schema": { "type": "string", "example": "<https://api.example.com/guides/rest-to-v2-migration>; rel=\"deprecation\"" },
        }},
        "securitySchemes": schemes,
    });
    document["servers"] = json!([{ "url": server }]);
    if let Some(tags) = document["tags"].as_array_mut() {
        tags.sort_by_key(|tag| CHAPTERS.iter().position(|chapter| tag["name"] == *chapter));
    }
    Ok(document)
}

/// Replaces every schema that travels in `default` (see `wire::schema`) by itself, and collects the schemas that it
/// refers to.
fn unpack(value: &mut Value, schemas: &mut Map<String, Value>) -> Result<(), Unfinished> {
    match value {
        Value::Object(members) => {
            if let Some(carrier) = members.get_mut("schema")
                && carrier.get("type").is_none()
                && let Some(mut carried) = carrier.as_object_mut().and_then(|carrier| carrier.remove("default"))
            {
                if let Some(Value::Object(definitions)) = carried.as_object_mut().and_then(|c| c.remove("$defs")) {
                    add_schemas(definitions, schemas)?;
                }
                *carrier = carried;
            }
            members.values_mut().try_for_each(|member| unpack(member, schemas))
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| unpack(item, schemas)),
        _ => Ok(()),
    }
}

fn add_schemas(new: Map<String, Value>, schemas: &mut Map<String, Value>) -> Result<(), Unfinished> {
    for (name, schema) in new {
        match schemas.get(&name) {
            Some(known) if *known != schema => return Err(Unfinished::Ambiguous(name)),
            _ => schemas.insert(name, schema),
        };
    }
    Ok(())
}

fn finish_operation(operation: &mut Value) {
    let has_body = operation.get("requestBody").is_some();
    let is_old = operation["deprecated"] == true;
    let has_key = operation.get("security").is_some();
    let has_input = has_body
        || operation["parameters"]
            .as_array()
            .is_some_and(|all| all.iter().any(|p| p["in"] == "query"));
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
        if let Some(empty) = parameter["schema"]
            .as_object_mut()
            .and_then(|schema| schema.remove(EMPTY))
        {
            parameter.insert(EMPTY.to_owned(), empty);
        }
        // All say their default, which is the default of OpenAPI too.
        parameter.remove("explode");
        parameter.remove("deprecated");
    }
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    for (status, refusal) in responses.iter_mut().filter(|(status, _)| !status.starts_with('2')) {
        finish_refusal(status, refusal);
    }
    for shared in &SHARED {
        let applies = match shared.status {
            "400" => has_input && !responses.contains_key("400"),
            "401" => has_key && !is_old, // there it is a 403
            "413" | "415" => has_body,
            _ => true,
        };
        if applies {
            let reference = format!("#/components/responses/{}", shared.name);
            responses.insert(shared.status.to_owned(), json!({ "$ref": reference }));
        }
    }
    responses.sort_keys();
    for response in responses
        .values_mut()
        .filter_map(Value::as_object_mut)
        .filter(|r| !r.contains_key("$ref"))
    {
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        headers["x-request-id"] = json!({ "$ref": "#/components/headers/RequestId" });
        for (name, component) in OLD_HEADERS.iter().filter(|_| is_old) {
            headers[*name] = json!({ "$ref": format!("#/components/headers/{component}") });
        }
    }
}

/// Gives the request and the success of an operation an example, and the success what it leads to.
fn show(operation: &mut Value, schemas: &Map<String, Value>) {
    let links = operation["operationId"].as_str().and_then(links::of);
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    let success = responses.and_then(|all| all.iter_mut().find(|(status, _)| status.starts_with('2')));
    if let Some((_, success)) = success {
        if let Some(links) = links {
            success["links"] = links;
        }
        show_content(success, schemas);
    }
    if let Some(request) = operation.get_mut("requestBody") {
        show_content(request, schemas);
    }
}

fn show_content(message: &mut Value, schemas: &Map<String, Value>) {
    let Some(json) = message.pointer_mut("/content/application~1json") else {
        return;
    };
    if let Some(example) = example::of(&json["schema"], schemas) {
        json["example"] = example;
    }
}

/// Gives a refusal of an operation the shared schema, an example of its first code, and, beside a 400 of its own, the
/// meaning that every 400 has.
fn finish_refusal(status: &str, refusal: &mut Value) {
    let meaning = refusal["description"].as_str().unwrap_or_default().to_owned();
    refusal["content"] = error_content(&meaning, meaning.split(": ").nth(1).unwrap_or_default(), None);
    if let Some(shared) = SHARED.iter().find(|shared| shared.status == status) {
        refusal["description"] = format!("{meaning} {}", shared.meaning).into();
    }
}

/// The envelope with an example; the code is the first that `meaning` names.
fn error_content(meaning: &str, message: &str, details: Option<Value>) -> Value {
    let code = meaning.split('`').nth(1).unwrap_or_default();
    let mut item = json!({ "message": message, "errorCode": code, "code": code });
    if let Some(details) = details {
        item["details"] = details;
    }
    json!({ "application/json": {
        "schema": { "$ref": "#/components/schemas/Errors" },
        "example": { "errors": [item] },
    }})
}

fn shared_responses() -> Value {
    let responses = SHARED.map(
        |Shared {
             name,
             status,
             meaning,
             message,
         }| {
            let details = (status == "400").then(|| json!({ "field": "take", "constraint": "max" }));
            let mut headers = json!({ "x-request-id": { "$ref": "#/components/headers/RequestId" } });
            if status == "503" {
                headers["retry-after"] = json!({ "description": "Seconds to wait.", "schema": { "type": "integer" } });
            }
            let content = error_content(meaning, message, details);
            (
                name.to_owned(),
                json!({ "description": meaning, "headers": headers, "content": content }),
            )
        },
    );
    Value::Object(responses.into_iter().collect())
}
