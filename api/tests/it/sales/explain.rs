//! The plans of the statements that the product sends: `auto_explain` reports them to the client, those of triggers
//! included, with the rows that they read. So tests contain no text of a query that could differ from what is sent.

use serde_json::Value;
use testing::log::Log;

use crate::sales::support::Shop;

/// Makes the database report, on new connections, how it executes each statement.
pub async fn explain(shop: &Shop) {
    shop.sql(
        "do $$ declare setting text; begin
             foreach setting in array array[
                 'session_preload_libraries = auto_explain', 'auto_explain.log_min_duration = 0',
                 'auto_explain.log_analyze = on', 'auto_explain.log_timing = off', 'auto_explain.log_format = json',
                 'auto_explain.log_nested_statements = on', 'auto_explain.log_level = notice']
             loop execute format('alter database %I set ', current_database()) || setting; end loop;
         end $$",
    )
    .await;
}

/// For each node of a plan that reads a table: its kind, the table, and the number of rows that it touched.
pub fn reads(plan: &Value, found: &mut Vec<(String, String, u64)>) {
    let number = |name: &str| plan[name].as_f64().unwrap_or(0.0);
    let loops = number("Actual Loops");
    if let (Some(table), true) = (plan["Relation Name"].as_str(), loops > 0.0) {
        let rows = number("Actual Rows") + number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
        let kind = plan["Node Type"].as_str().unwrap_or_default().to_owned();
        // A number of rows is whole, and fits into an integer.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        found.push((kind, table.to_owned(), (rows * loops) as u64));
    }
    for inner in plan["Plans"].as_array().into_iter().flatten() {
        reads(inner, found);
    }
}

/// The plans in a log: text of the statement, and its plan.
pub fn plans(log: &Log) -> Vec<(String, Value)> {
    let text = log.text();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let plan = |line: Value| {
        let message = line["fields"]["message"].as_str()?.to_owned();
        let json = message.split_once("plan:\n")?.1;
        let explained: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
        Some((explained["Query Text"].as_str()?.to_owned(), explained["Plan"].clone()))
    };
    lines.filter_map(plan).collect()
}
