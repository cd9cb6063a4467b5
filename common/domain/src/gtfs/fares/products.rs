//! `fare_products.txt` and `rider_categories.txt` (Fares V2): prices and rider categories.

use std::collections::HashMap;

use super::super::clause::Clause;
use super::super::files::{Files, LeftOut};
use super::super::findings::Findings;
use super::super::remark::Remark;
use super::super::table::Row;
use super::money;
use super::stated::{Ledger, Rider, Stated};

const PRODUCTS: &str = "fare_products.txt";

/// A rider category.
struct Category {
    name: String,
    is_default: bool,
}

/// Reads the file and returns the positions of the prices by product: one product may have several, for several rider
/// categories and ways to pay.
///
/// # Errors
/// When it is unreadable as a whole.
pub fn read(
    files: &Files,
    ledger: &mut Ledger,
    findings: &mut Findings,
) -> Result<HashMap<String, Vec<usize>>, LeftOut> {
    let categories = categories(files, findings);
    let is_stated = categories.values().any(|category| category.is_default);
    let mut products: HashMap<String, Vec<usize>> = HashMap::new();
    let mut lost = Vec::new();
    files.optional(PRODUCTS, findings, |table, findings| {
        let (id, name) = (table.require("fare_product_id")?, table.column("fare_product_name"));
        let (amount, currency) = (table.require("amount")?, table.require("currency")?);
        let rider = table.column("rider_category_id");
        let read = |row: &Row<'_>, _: &mut Findings| {
            let id = row.id(id, "fare_product_id")?;
            let price = money(row.get(amount), row.get(currency));
            let category = row.get(rider);
            let known = categories.get(category);
            let names = [
                row.get(name),
                category,
                known.map_or("", |category| category.name.as_str()),
            ];
            let stated = ledger.add(Stated {
                id: id.to_owned(),
                name: names.join(" "),
                price: price.as_ref().ok().copied(),
                rider: match known {
                    Some(category) if category.is_default => Rider::Default,
                    _ if is_stated && !category.is_empty() => Rider::Other,
                    _ => Rider::Unsaid,
                },
                file: PRODUCTS,
                line: row.line,
            });
            products.entry(id.to_owned()).or_default().push(stated);
            let unread = |reason| Remark::from(reason).and(Clause::ProductLeftOut { product: id.into() });
            price.map(|_| ()).map_err(unread)
        };
        table.each_row(findings, read, |row| lost.push((row.get(id).to_owned(), row.line)))
    })?;
    for (id, line) in lost {
        let stated = ledger.add_unknown(&id, PRODUCTS, line);
        products.entry(id).or_default().push(stated);
    }
    Ok(products)
}

/// Without the file, or when it cannot be read, the rider category follows from the names of fares.
fn categories(files: &Files, findings: &mut Findings) -> HashMap<String, Category> {
    let read = files.optional("rider_categories.txt", findings, |table, findings| {
        let (id, name) = (table.require("rider_category_id")?, table.column("rider_category_name"));
        let (is_default, older) = (table.column("is_default_fare_category"), table.column("is_default"));
        let mut categories = HashMap::new();
        table.each(findings, |row, _| {
            let id = row.id(id, "rider_category_id")?;
            let category = Category {
                name: row.get(name).to_owned(),
                is_default: row.get(is_default) == "1" || row.get(older) == "1",
            };
            match categories.insert(id.to_owned(), category) {
                None => Ok(()),
                Some(_) => Err(Clause::RiderCategoryTwice { category: id.into() }.into()),
            }
        })?;
        Ok(categories)
    });
    read.ok().flatten().unwrap_or_default()
}
