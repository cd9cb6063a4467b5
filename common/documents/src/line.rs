//! A text on one line: in the order in which it is read, in fonts that have its letters, as glyphs with their widths.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;
use unicode_normalization::char::is_combining_mark;

use super::font::{Face, Fonts, Weight};
use super::script::printable;

/// A piece of a line in one font and direction.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Its font.
    pub font: Font,
    /// Its glyphs, from left to right.
    pub glyphs: Vec<KrillaGlyph>,
    /// Their text.
    pub text: String,
    /// Its width at size 1.
    pub width: f32,
}

/// A line, its runs from left to right.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub runs: Vec<Run>,
    /// Its width at size 1.
    pub width: f32,
}

impl Line {
    /// Shapes a text, all of whose characters some font has.
    pub(super) fn new(fonts: &Fonts, weight: Weight, text: &str) -> Self {
        let text = printable(fonts, text);
        let order = BidiInfo::new(&text, None);
        let mut line = Self::default();
        for paragraph in &order.paragraphs {
            let (levels, runs) = order.visual_runs(paragraph, paragraph.range.clone());
            for range in runs {
                let right_to_left = levels.get(range.start).is_some_and(unicode_bidi::Level::is_rtl);
                let mut pieces = by_font(fonts, weight, &text[range]);
                if right_to_left {
                    pieces.reverse();
                }
                line.runs.extend(
                    pieces
                        .into_iter()
                        .map(|(face, piece)| shape(face, piece, right_to_left)),
                );
            }
        }
        line.width = line.runs.iter().map(|run| run.width).sum();
        line
    }
}

/// A text in pieces that have one font each, in the order in which they are read.
fn by_font<'f, 't>(fonts: &'f Fonts, weight: Weight, text: &'t str) -> Vec<(&'f Face, &'t str)> {
    let mut pieces = Vec::new();
    let mut face: Option<&Face> = None;
    let mut begin = 0;
    for (at, c) in text.char_indices() {
        // Marks, joiners and blanks stay with the letter that they follow, where its font has them.
        let follows = is_combining_mark(c) || c.is_whitespace() || matches!(c, '\u{200c}' | '\u{200d}');
        let stays = follows && face.is_some_and(|face| face.has(c));
        let wanted = fonts.of(weight, c).unwrap_or_else(|| fonts.main(weight));
        match face {
            _ if stays => {}
            Some(face) if std::ptr::eq(face, wanted) => {}
            Some(before) => {
                pieces.push((before, &text[begin..at]));
                (face, begin) = (Some(wanted), at);
            }
            None => face = Some(wanted),
        }
    }
    pieces.extend(face.map(|face| (face, &text[begin..])));
    pieces
}

fn shape(face: &Face, text: &str, right_to_left: bool) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if right_to_left {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let shaped = rustybuzz::shape(&face.shaper, &[], buffer);
    #[expect(clippy::cast_precision_loss, reason = "fonts have a few thousand units per em")]
    let em = |units: i32| units as f32 / face.font.units_per_em();
    let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
    let mut clusters: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    clusters.sort_unstable();
    clusters.dedup();
    let end = |start: usize| clusters.iter().copied().find(|c| *c > start).unwrap_or(text.len());
    let glyphs: Vec<KrillaGlyph> = infos
        .iter()
        .zip(positions)
        // Glyph 0 is the box for a missing character.
        .filter(|(info, _)| info.glyph_id != 0)
        .map(|(info, position)| {
            let start = info.cluster as usize;
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                em(position.x_advance),
                em(position.x_offset),
                em(position.y_offset),
                em(position.y_advance),
                start..end(start),
                None,
            )
        })
        .collect();
    Run {
        width: glyphs.iter().map(|glyph| glyph.x_advance).sum(),
        font: face.font.clone(),
        text: text.to_owned(),
        glyphs,
    }
}

/// How much wider than requested a line may be, as a factor: shaping moves some letters apart.
const TOLERANCE: f32 = 1.05;

/// Breaks a text into lines no wider than `width` at size 1: after spaces and hyphens of words, and inside a word that
/// is wider than a line. Letters count with their isolated width; joined ones usually need less.
pub(super) fn wrap(fonts: &Fonts, weight: Weight, width: f32, text: &str) -> Vec<String> {
    let text = printable(fonts, text);
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut filled) = (String::new(), 0.0);
    let mut before = ' ';
    let ends_piece = |c: char| {
        let ends = c == ' ' || (c == '-' && before.is_alphabetic());
        before = c;
        ends
    };
    for word in text.split_inclusive(ends_piece) {
        let needed = extent(fonts, weight, word.trim_end());
        if filled + needed > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            filled = 0.0;
        }
        if needed <= width {
            line.push_str(word);
            filled += extent(fonts, weight, word);
            continue;
        }
        for c in word.chars() {
            let needed = advance(fonts, weight, c);
            if filled + needed > width && !line.is_empty() && !is_combining_mark(c) {
                lines.push(std::mem::take(&mut line));
                filled = 0.0;
            }
            line.push(c);
            filled += needed;
        }
    }
    lines.push(line);
    lines.retain(|line| !line.trim().is_empty());
    fitting(fonts, weight, width, lines)
}

/// Breaks again what became wider when shaped: marks without a letter get a dotted circle.
fn fitting(fonts: &Fonts, weight: Weight, width: f32, mut lines: Vec<String>) -> Vec<String> {
    lines.reverse();
    let mut fitting = Vec::with_capacity(lines.len());
    while let Some(mut line) = lines.pop() {
        let shaped = Line::new(fonts, weight, &line).width;
        let length = line.chars().count();
        if shaped <= width * TOLERANCE || length < 2 {
            fitting.push(line);
            continue;
        }
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a line has some hundred characters"
        )]
        let kept = ((length as f32 * width / shaped) as usize).clamp(1, length - 1);
        let at = line.char_indices().nth(kept).map_or(line.len(), |(at, _)| at);
        lines.push(line.split_off(at));
        lines.push(line);
    }
    fitting
}

/// The first `most` lines; if there are more, the last one ends with an ellipsis.
pub(super) fn shorten(fonts: &Fonts, weight: Weight, width: f32, mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() <= most {
        return lines;
    }
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        let wide = |line: &str| Line::new(fonts, weight, &format!("{}…", line.trim_end())).width > width;
        while wide(last) && last.pop().is_some() {}
        last.truncate(last.trim_end().len());
        last.push('…');
    }
    lines
}

/// Width at size 1 of isolated letters.
fn extent(fonts: &Fonts, weight: Weight, text: &str) -> f32 {
    text.chars().map(|c| advance(fonts, weight, c)).sum()
}

fn advance(fonts: &Fonts, weight: Weight, c: char) -> f32 {
    let face = fonts.of(weight, c).unwrap_or_else(|| fonts.main(weight));
    let glyph = face.shaper.glyph_index(c).unwrap_or_default();
    let units = face.shaper.glyph_hor_advance(glyph).unwrap_or_default();
    f32::from(units) / face.font.units_per_em()
}
