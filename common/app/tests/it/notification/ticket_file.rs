//! The files of a ticket: the PDF and its QR code.

use std::io::Write;
use std::process::{Command, Stdio};

use domain::language::Language;
use domain::ticket::Event;

use crate::notification::texts::message;

#[test]
fn the_qr_code_reads_as_the_order_id() {
    let ticket = message(Language::En, Event::Paid)
        .letter(documents::draw)
        .unwrap()
        .ticket
        .unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(ticket.qr)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::One);
    let (width, height) = (info.width as usize, info.height as usize);
    let shade = |x: usize, y: usize| {
        if pixels[y * info.line_size + x / 8] & (0x80 >> (x % 8)) == 0 {
            0
        } else {
            255
        }
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
    let (_, text) = image.detect_grids()[0].decode().unwrap();
    assert_eq!(text, "ord_0193290c5e3a7cc0a1d6a8e8f5b40001");
}

#[test]
fn the_pdf_is_one_page_that_other_programs_read() {
    for language in Language::ALL {
        let letter = message(*language, Event::Paid).letter(documents::draw).unwrap();
        let pdf = letter.ticket.unwrap().pdf;
        assert!(pdf.starts_with(b"%PDF-1.") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
        assert_eq!(
            message(*language, Event::Paid)
                .letter(documents::draw)
                .unwrap()
                .ticket
                .unwrap()
                .pdf,
            pdf
        );
        let Some(text) = pdf_text(&pdf) else {
            continue;
        };
        for fact in ["H4TCVR4", "Zdeněk Żółć-Їжак", "06:30", "18:05", "17", "Kyiv"] {
            assert!(text.contains(fact), "{language}: {fact} is missing in\n{text}");
        }
        assert_eq!(text.matches('\u{c}').count(), 1, "one page");
    }
}

/// Names in other scripts, and what stands beside them.
#[test]
fn a_ticket_shows_every_name() {
    for (name, shown) in [
        ("王小明", "王小明"),
        ("王小明", "Wang Xiao Ming"),
        ("김민수", "Gimminsu"),
        ("प्रिया", "Priyaa"),
        ("ნინო", "ნინო"),
        ("ნინო", "Nino"),
        ("Արմեն", "Արմեն"),
        ("Γιώργος", "Γιώργος"),
        ("Đặng", "Đặng"),
        ("สมชาย", "สมชาย"),
        ("Олена 🦄", "Олена"),
    ] {
        let mut message = message(Language::Uk, Event::Paid);
        message.passenger = name.to_owned();
        let pdf = message.letter(documents::draw).unwrap().ticket.unwrap().pdf;
        let Some(text) = pdf_text(&pdf) else { continue };
        assert!(text.contains(shown), "{name}: {shown} is missing in\n{text}");
    }
}

/// As in a feed from outside: 1,600 characters of description.
#[test]
fn a_long_ticket_has_seat_code_and_order_number_on_its_first_page() {
    let mut message = message(Language::Uk, Event::Paid);
    let sentence =
        "Enter through the gate beside the pharmacy, cross the yard, then follow the blue signs to the hall;";
    message.departure.address = Some([sentence; 16].join(" "));
    message.arrival.address = Some("x".repeat(1_600));
    message.passenger = "Ї".repeat(100) + " " + &"W".repeat(100);
    message.route = "y".repeat(300);
    message.company = "z".repeat(300);
    let pdf = message.letter(documents::draw).unwrap().ticket.unwrap().pdf;
    if let Some(text) = pdf_text(&pdf) {
        let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
        assert_eq!(pages.len(), 3);
        assert!(pages[0].contains("H4TCVR4") && pages[0].contains("\n17\n"));
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(pages[1]).contains(&[sentence; 16].join(" ")), "{text}");
    }
    if let Some(code) = pdf_code(&pdf) {
        assert_eq!(code, "ord_0193290c5e3a7cc0a1d6a8e8f5b40001");
    }
}

/// What the QR code on the first page of a PDF says; `None` where poppler is not installed.
fn pdf_code(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("ticket.pdf"), pdf).unwrap();
    let drawn = Command::new("pdftoppm")
        .args([
            "-r",
            "150",
            "-gray",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            "ticket.pdf",
            "page",
        ])
        .current_dir(folder.path())
        .status()
        .ok()?;
    assert!(drawn.success());
    // PGM: "P5", width, height, largest value, then a byte a pixel.
    let file = std::fs::read(folder.path().join("page.pgm")).unwrap();
    let head: Vec<_> = file.splitn(4, |byte| *byte == b'\n').collect();
    let size = String::from_utf8(head[1].to_vec()).unwrap();
    let (width, height) = size.split_once(' ').unwrap();
    let (width, height): (usize, usize) = (width.parse().unwrap(), height.parse().unwrap());
    let pixels = head[3];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    Some(image.detect_grids()[0].decode().unwrap().1)
}

/// The text of a PDF as poppler reads it; `None` where that is not installed.
pub fn pdf_text(pdf: &[u8]) -> Option<String> {
    let mut reader = Command::new("pdftotext")
        .args(["-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}
