//! Completes the generated document.

use poem_openapi::Tags;
use schemars::generate::Contract;
use serde_json::{Map, Value, json};

use super::shared::{self, Shared, error_content};
use super::unfinished::Unfinished;
use super::{example, header, idempotency, links, refusal, table};
use crate::error::ErrorBody;
use crate::pages;
use crate::route::policy::Idempotency;
use crate::route::{Link, Operation};
use crate::routes::TABLE;
use crate::wire::schema;

/// Chapters, in the order in which partners, users of the back office and platform operators need them.
fn chapters() -> [&'static str; 20] {
    use crate::backoffice::Chapter as Backoffice;
    use crate::distribution::Chapter as Distribution;
    use crate::legacy::Chapter as Legacy;
    use crate::ops::Chapter as Ops;
    [
        Distribution::Catalogue.name(),
        Distribution::Search.name(),
        Distribution::Bookings.name(),
        Distribution::Usage.name(),
        Backoffice::Sessions.name(),
        Backoffice::Reports.name(),
        Backoffice::Tracking.name(),
        Backoffice::Orders.name(),
        Backoffice::Departures.name(),
        Backoffice::Timetable.name(),
        Backoffice::Terms.name(),
        Backoffice::Permissions.name(),
        Backoffice::Keys.name(),
        Backoffice::People.name(),
        Legacy::Legacy.name(),
        Ops::Queues.name(),
        Ops::Jobs.name(),
        Ops::Parties.name(),
        Ops::Evidence.name(),
        Ops::Audit.name(),
    ]
}

/// Description of the server.
const SERVER: &str = "The API: production, or the staging or local installation that serves this document.";

/// Marks a parameter that may be empty. It is generated into the schema, but belongs to the parameter itself.
const EMPTY: &str = "allowEmptyValue";

/// Ending of a path whose last parameter is written with it in handlers: `:orderId.pdf` is `{orderId}.pdf`.
const PDF: &str = ".pdf";

/// Unpacks schemas, adds the shared responses, headers and server, and removes what carries no information. `belongs` says
/// which rows of the table of routes are in the document.
pub(super) fn finish(generated: &str, server: &str, belongs: fn(&Operation) -> bool) -> Result<Value, Unfinished> {
    let generated = generated.replace("#/$defs/", "#/components/schemas/");
    // poem knows parameters that are whole segments of a path only.
    let generated = generated.replace(&format!("{PDF}}}"), &format!("}}{PDF}"));
    let mut document: Value = serde_json::from_str(&generated)?;
    let mut schemas = Map::new();
    unpack(&mut document["paths"], &mut schemas)?;
    let settings = schema::settings(Contract::Serialize).with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    generator.subschema_for::<ErrorBody>();
    add_schemas(generator.take_definitions(true), &mut schemas)?;
    schemas.sort_keys();

    table::compare(&document["paths"], belongs)?;
    let operations = document["paths"].as_object_mut().into_iter().flatten();
    for (_, operation) in operations.flat_map(|(_, path)| path.as_object_mut().into_iter().flatten()) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let route = TABLE
            .named(id)
            .ok_or_else(|| Unfinished::Routes(format!("{id} is not in it")))?;
        finish_operation(operation, route)?;
        show(operation, route.links, &schemas)?;
    }
    let schemes = document["components"]["securitySchemes"].take();
    let paths = document["paths"].to_string();
    let responses = shared::components(|reference| paths.contains(reference))?;
    let used = format!("{paths}{responses}");
    document["components"] = json!({
        "schemas": schemas,
        "responses": responses,
        "parameters": of_use("parameters", idempotency::parameters(), &used),
        "headers": of_use("headers", header::components(), &used),
        "securitySchemes": schemes,
    });
    let introduction = format!("{}{}", server.trim_end_matches('/'), pages::INTRODUCTION);
    document["externalDocs"] = json!({ "description": "Introduction and guides", "url": introduction });
    document["servers"] = json!([{ "url": server, "description": SERVER, "x-internal": false }]);
    if let Some(tags) = document["tags"].as_array_mut() {
        let chapters = chapters();
        let place = |tag: &Value| chapters.iter().position(|chapter| tag["name"] == *chapter);
        if let Some(tag) = tags.iter().find(|tag| place(tag).is_none()) {
            return Err(Unfinished::Chapter(tag["name"].to_string()));
        }
        tags.sort_by_key(place);
    }
    Ok(document)
}

/// The components of a kind that the text `document` refers to.
fn of_use(kind: &str, mut components: Value, document: &str) -> Value {
    if let Some(components) = components.as_object_mut() {
        components.retain(|name, _| document.contains(&format!("\"#/components/{kind}/{name}\"")));
    }
    components
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

fn finish_operation(operation: &mut Value, route: &Operation) -> Result<(), Unfinished> {
    let policy = &route.policy;
    if let Some(operation) = operation.as_object_mut() {
        // States explicitly that no credential is needed.
        operation.entry("security").or_insert_with(|| json!([{}]));
    }
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter_map(Value::as_object_mut) {
        if let Some(empty) = parameter["schema"]
            .as_object_mut()
            .and_then(|schema| schema.remove(EMPTY))
        {
            parameter.insert(EMPTY.to_owned(), empty);
        }
        let name = parameter.get("name").and_then(Value::as_str);
        if let Some(name) = name.and_then(|name| name.strip_suffix(PDF)).map(str::to_owned) {
            parameter.insert("name".to_owned(), name.into());
        }
        // All state the default of OpenAPI.
        parameter.remove("explode");
        parameter.remove("deprecated");
    }
    if let Some(parameter) = idempotency::parameter(policy.idempotency)
        && let Some(operation) = operation.as_object_mut()
        && let Some(parameters) = operation
            .entry("parameters")
            .or_insert_with(|| json!([]))
            .as_array_mut()
    {
        parameters.push(parameter);
    }
    let Some(responses) = operation["responses"].as_object_mut() else {
        return Ok(());
    };
    for (status, response) in responses.iter_mut().filter(|(status, _)| !status.starts_with('2')) {
        finish_refusal(status, response, route)?;
    }
    for shared in shared::of(policy) {
        responses
            .entry(shared.status)
            .or_insert_with(|| shared.reference(policy));
    }
    responses.sort_keys();
    for (status, response) in responses
        .iter_mut()
        .filter_map(|(status, response)| Some((status, response.as_object_mut()?)))
        .filter(|(_, response)| !response.contains_key("$ref"))
    {
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        for header in headers.as_object_mut().into_iter().flat_map(Map::values_mut) {
            header.as_object_mut().and_then(|header| header.remove("deprecated"));
        }
        header::add(headers);
        if policy.idempotency == Idempotency::Kept && status != "409" {
            header::add_replayed(headers);
        }
        if policy.deprecated {
            header::add_old(headers);
        }
    }
    Ok(())
}

/// Adds an example to the request, the parameters and the success of an operation, and links to the success.
fn show(operation: &mut Value, links: &[Link], schemas: &Map<String, Value>) -> Result<(), Unfinished> {
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    let success = responses.and_then(|all| all.iter_mut().find(|(status, _)| status.starts_with('2')));
    if let Some((_, success)) = success {
        if let Some(links) = links::of(links)? {
            success["links"] = links;
        }
        show_content(success, schemas);
    }
    if let Some(request) = operation.get_mut("requestBody") {
        let about = request
            .pointer("/content/application~1json/schema/description")
            .cloned();
        if let (Some(about), None) = (about, request.get("description")) {
            request["description"] = about;
        }
        show_content(request, schemas);
    }
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let schema = &parameter["schema"];
        if let Some(example) = schema.get("default").cloned().or_else(|| example::of(schema, schemas)) {
            parameter["example"] = example;
        }
    }
    Ok(())
}

fn show_content(message: &mut Value, schemas: &Map<String, Value>) {
    let Some(json) = message.pointer_mut("/content/application~1json") else {
        return;
    };
    if let Some(example) = example::of(&json["schema"], schemas) {
        json["example"] = example;
    }
}

/// Adds to a refusal of an operation the shared schema, an example of its first code, and the shared meaning of its
/// status, unless the operation explains that code itself.
fn finish_refusal(status: &str, response: &mut Value, route: &Operation) -> Result<(), Unfinished> {
    let policy = &route.policy;
    let meaning = response["description"].as_str().unwrap_or_default().to_owned();
    let code = meaning.split('`').nth(1).unwrap_or_default();
    response["content"] = error_content(&refusal::example(code, route)?)?;
    let is_explained = |shared: &Shared| shared.codes().all(|code| meaning.contains(&format!("`{code}`:")));
    if let Some(shared) = shared::of(policy).find(|shared| shared.status == status && !is_explained(shared)) {
        response["description"] = format!("{meaning} {}", shared.meaning).into();
    }
    if status == "429" || status == "409" && policy.idempotency == Idempotency::Kept {
        response["headers"]["Retry-After"] = header::retry_after();
    }
    Ok(())
}
