//! The contrast of the colours with which the API reference replaces those of Swagger UI.

use api::pages::STYLE_TEXT;

/// What is required of texts (WCAG 2.2, success criterion 1.4.3).
const LEAST: f64 = 4.5;

/// The part of a colour channel in the luminance of its colour.
fn linear(channel: u8) -> f64 {
    let part = f64::from(channel) / 255.0;
    if part <= 0.03928 {
        part / 12.92
    } else {
        ((part + 0.055) / 1.055).powf(2.4)
    }
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| linear(u8::from_str_radix(&colour[at..at + 2], 16).unwrap());
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(text: &str, ground: &str) -> f64 {
    let (one, other) = (luminance(text), luminance(ground));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The six digits after a word of a line.
fn colour<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.split_once(word)?.1.get(..6)
}

#[test]
fn texts_of_the_reference_have_enough_contrast() {
    let (mut texts, mut wrong) = (0, Vec::new());
    for line in STYLE_TEXT.lines().filter(|line| line.contains(".swagger-ui")) {
        let Some(text) = colour(line, " color: #") else {
            continue;
        };
        let ground = colour(line, " background: #").or_else(|| colour(line, "/* on #"));
        texts += 1;
        let contrast = contrast(text, ground.unwrap());
        if contrast < LEAST {
            wrong.push(format!("{contrast:.2} {line}"));
        }
    }
    assert!(texts > 20 && wrong.is_empty(), "{texts} {wrong:#?}");
}
