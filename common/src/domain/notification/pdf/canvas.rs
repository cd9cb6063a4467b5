//! A page to write on: lines, paragraphs and boxes in points from its upper left corner.

use std::sync::LazyLock;

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

static REGULAR_FILE: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSans.ttf");
static BOLD_FILE: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSans-Bold.ttf");
static REGULAR: LazyLock<Option<Font>> = LazyLock::new(|| Font::new(REGULAR_FILE.into(), 0));
static BOLD: LazyLock<Option<Font>> = LazyLock::new(|| Font::new(BOLD_FILE.into(), 0));

/// Distance of lines, as a multiple of the size.
const LEADING: f32 = 1.35;

/// A colour (sRGB).
#[derive(Debug, Clone, Copy)]
pub(super) struct Color(u8, u8, u8);

impl Color {
    pub(super) const BRAND: Self = Self(0x12, 0x30, 0x5b);
    pub(super) const INK: Self = Self(0x1b, 0x24, 0x30);
    pub(super) const GREY: Self = Self(0x66, 0x70, 0x7d);
    pub(super) const LINE: Self = Self(0xd5, 0xdb, 0xe3);
    pub(super) const PALE: Self = Self(0xd7, 0xe3, 0xf5);
    pub(super) const ALERT: Self = Self(0xa3, 0x26, 0x2e);
    pub(super) const WHITE: Self = Self(0xff, 0xff, 0xff);
}

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    size: f32,
    weight: Weight,
    color: Color,
}

impl Style {
    pub(super) const fn new(size: f32, weight: Weight, color: Color) -> Self {
        Self { size, weight, color }
    }
}

/// A font, to draw with and to measure with.
struct Face {
    font: Font,
    metrics: FontRef<'static>,
}

impl Face {
    fn new(font: &LazyLock<Option<Font>>, file: &'static [u8]) -> Option<Self> {
        Some(Self {
            font: (**font).clone()?,
            metrics: FontRef::new(file).ok()?,
        })
    }

    /// Width of a text on one line, without kerning.
    fn width(&self, size: f32, text: &str) -> f32 {
        let (glyphs, widths) = (
            self.metrics.charmap(),
            self.metrics.glyph_metrics(Size::new(size), LocationRef::default()),
        );
        let width = |c: char| widths.advance_width(glyphs.map(c).unwrap_or_default());
        text.chars().filter_map(width).sum()
    }
}

/// The page.
pub(super) struct Canvas<'a> {
    surface: Surface<'a>,
    regular: Face,
    bold: Face,
}

impl<'a> Canvas<'a> {
    /// `None` when a font does not load.
    pub(super) fn new(surface: Surface<'a>) -> Option<Self> {
        Some(Self {
            surface,
            regular: Face::new(&REGULAR, REGULAR_FILE)?,
            bold: Face::new(&BOLD, BOLD_FILE)?,
        })
    }

    /// Ends the page.
    pub(super) fn finish(self) {
        self.surface.finish();
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    fn fill(&mut self, Color(red, green, blue): Color) {
        self.surface.set_fill(Some(Fill {
            paint: rgb::Color::new(red, green, blue).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }));
    }

    /// One line whose baseline begins at a point; answers where it ends.
    pub(super) fn line(&mut self, x: f32, y: f32, style: Style, text: &str) -> f32 {
        self.fill(style.color);
        let face = self.face(style.weight);
        let (font, end) = (face.font.clone(), x + face.width(style.size, text));
        self.surface
            .draw_text(Point::from_xy(x, y), font, style.size, text, false, TextDirection::Auto);
        end
    }

    /// One line whose baseline ends at a point.
    pub(super) fn line_to(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let width = self.face(style.weight).width(style.size, text);
        self.line(x - width, y, style, text);
    }

    /// Lines no wider than `width`; answers the baseline of the line after them.
    pub(super) fn paragraph(&mut self, x: f32, y: f32, width: f32, style: Style, text: &str) -> f32 {
        let lines = self.wrap(width, style, text);
        lines.iter().fold(y, |y, line| {
            self.line(x, y, style, line);
            y + style.size * LEADING
        })
    }

    /// Breaks after spaces and hyphens of words, and inside a word that is wider than a line.
    fn wrap(&self, width: f32, style: Style, text: &str) -> Vec<String> {
        let face = self.face(style.weight);
        let fits = |line: &str| face.width(style.size, line.trim_end()) <= width;
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut before = ' ';
        let ends_piece = |c: char| {
            let ends = c == ' ' || (c == '-' && before.is_alphabetic());
            before = c;
            ends
        };
        for word in text.split_inclusive(ends_piece) {
            let longer = format!("{line}{word}");
            if fits(&longer) {
                line = longer;
                continue;
            }
            lines.push(std::mem::take(&mut line));
            for c in word.chars() {
                line.push(c);
                if !fits(&line) && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        lines.push(line);
        lines.retain(|line| !line.trim().is_empty());
        lines
    }

    /// A filled box.
    pub(super) fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.fill(color);
        let mut path = PathBuilder::new();
        if let Some(rectangle) = Rect::from_xywh(x, y, width, height) {
            path.push_rect(rectangle);
        }
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    /// Black squares of a grid.
    pub(super) fn modules(&mut self, x: f32, y: f32, side: f32, squares: impl Iterator<Item = (usize, usize)>) {
        self.fill(Color(0, 0, 0));
        let mut path = PathBuilder::new();
        for (column, row) in squares {
            #[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
            let (left, top) = (x + column as f32 * side, y + row as f32 * side);
            if let Some(square) = Rect::from_xywh(left, top, side, side) {
                path.push_rect(square);
            }
        }
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }
}
