use super::{Findings, Refusal, Table};
use crate::gtfs::encoding::text;

fn rows(content: &str) -> (Vec<(u64, String, String)>, Findings) {
    let mut findings = Findings::default();
    let table = Table::open("x.txt", text("x.txt", content.as_bytes()).unwrap()).unwrap();
    let (a, b) = (table.column("a"), table.column("b"));
    let mut rows = Vec::new();
    table
        .each(&mut findings, |row, _| {
            rows.push((row.line, row.get(a).to_owned(), row.get(b).to_owned()));
            Ok(())
        })
        .unwrap();
    (rows, findings)
}

#[test]
fn tolerates_padding_marks_quotes_and_blank_lines() {
    let (rows, findings) = rows("\u{feff} a ,\"b\",c\r\n\r\n 1 , \"two\" ,3\r\n\"multi\nline\",x\n\n4\n");
    let plain: Vec<_> = rows.iter().map(|(l, a, b)| (*l, a.as_str(), b.as_str())).collect();
    assert_eq!(plain, [(3, "1", "two"), (4, "multi\nline", "x"), (7, "4", "")]);
    assert_eq!(findings, Findings::default());
}

#[test]
fn rejects_a_row_with_surplus_fields() {
    let (rows, findings) = rows("a,b\n1,2,\n1,2,3\n");
    assert_eq!(rows.len(), 1);
    assert_eq!(findings.flaws[0].to_string(), "x.txt:3 has 3 fields, the header has 2");
}

#[test]
fn rejects_a_row_with_an_endless_field() {
    let (rows, findings) = rows(&format!("a,b\n1,{}\n1,{}\n", "x".repeat(5_000), "x".repeat(5_001)));
    assert_eq!(rows.len(), 1);
    assert_eq!(findings.flaws[0].to_string(), "x.txt:3 b is longer than 5000 bytes");
}

#[test]
fn other_delimiters_are_recognised_when_the_header_has_no_comma() {
    for content in ["a;b\n1;x, y\n", "a\tb\n1\tx, y\n", "A,B\n1,\"x, y\"\n"] {
        let (rows, findings) = rows(content);
        assert_eq!(rows, [(2, "1".to_owned(), "x, y".to_owned())], "{content:?}");
        assert_eq!(findings, Findings::default());
    }
}

#[test]
fn refuses_a_file_without_header_and_a_quote_that_stays_open() {
    assert_eq!(Table::open("x.txt", "").err(), Some(Refusal::EmptyFile("x.txt")));
    let open = format!("a,b\n1,\"two\n{}", "3,4\n".repeat(100));
    let table = Table::open("x.txt", &open).unwrap();
    let refusal = table.each(&mut Findings::default(), |_, _| Ok(())).unwrap_err();
    assert_eq!(refusal.to_string(), "x.txt:2 opens a quote that is not closed");
}
