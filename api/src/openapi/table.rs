//! Checks that handlers and the table of routes ([`crate::routes`]) describe the same operations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Unfinished;
use crate::route::Operation;
use crate::routes::TABLE;

/// Compares the paths of a generated document with those rows of the table that `belongs` says are in it.
///
/// # Errors
/// All operations that only one of them has, or that they describe differently.
pub(super) fn compare(paths: &Value, belongs: fn(&Operation) -> bool) -> Result<(), Unfinished> {
    let rows = TABLE.operations().filter(|operation| belongs(operation));
    let table: Vec<String> = rows.map(declared).collect();
    differences(&generated(paths), &table)
}

fn differences(handlers: &BTreeSet<String>, table: &[String]) -> Result<(), Unfinished> {
    let rows: BTreeSet<&String> = table.iter().collect();
    let no_row = handlers.iter().filter(|one| !rows.contains(one));
    let no_handler = rows.iter().filter(|one| !handlers.contains(**one));
    let mut problems: Vec<String> = no_row.map(|one| format!("no row for {one}")).collect();
    problems.extend(no_handler.map(|one| format!("no handler for {one}")));
    if rows.len() != table.len() {
        problems.push("two rows are the same".to_owned());
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Unfinished::Routes(problems.join("; ")))
    }
}

/// The part of a row that its handler declares too.
fn declared(operation: &Operation) -> String {
    let schemes = operation.policy.caller.schemes().join(", ");
    let (method, path, id) = (operation.method.name(), operation.path, operation.id);
    let deprecated = operation.policy.deprecated;
    format!("{method} {path} {id} (security: {schemes}; deprecated: {deprecated})")
}

/// The same part of every handler.
fn generated(paths: &Value) -> BTreeSet<String> {
    let paths = paths.as_object().into_iter().flatten();
    let methods = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path, method.to_uppercase(), operation))
    });
    let described = methods.map(|(path, method, operation)| {
        let choices = operation["security"].as_array().into_iter().flatten();
        let schemes = choices.filter_map(|choice| Some(choice.as_object()?.keys().next()?.as_str()));
        let schemes = schemes.collect::<Vec<_>>().join(", ");
        let id = operation["operationId"].as_str().unwrap_or_default();
        let deprecated = operation["deprecated"] == true;
        format!("{method} {path} {id} (security: {schemes}; deprecated: {deprecated})")
    });
    described.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::differences;

    #[test]
    fn handlers_and_table_have_the_same_operations() {
        let both = ["GET /a", "GET /b"].map(str::to_owned);
        let one = both[..1].to_vec();
        let all = BTreeSet::from(both.clone());
        assert!(differences(&all, &both).is_ok());
        let problem = differences(&all, &one).unwrap_err().to_string();
        assert!(problem.ends_with("no row for GET /b"), "{problem}");
        let problem = differences(&BTreeSet::from(["GET /a".to_owned()]), &both)
            .unwrap_err()
            .to_string();
        assert!(problem.ends_with("no handler for GET /b"), "{problem}");
        let twice = [both[0].clone(), both[0].clone()];
        assert!(differences(&BTreeSet::from([both[0].clone()]), &twice).is_err());
    }
}
