//! The fonts of a ticket, and which of them has a character. Their sources are in
//! `common/documents/assets/fonts/README.md`.

use std::sync::LazyLock;

use krilla::text::Font;
use rustybuzz::ttf_parser::GlyphId;

static REGULAR: &[u8] = include_bytes!("../assets/fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("../assets/fonts/DejaVuSans-Bold.ttf");

/// Fonts of the scripts that the first two lack.
static OTHERS: [&[u8]; 5] = [
    include_bytes!("../assets/fonts/NotoSansDevanagari.ttf"),
    include_bytes!("../assets/fonts/NotoSansBengali.ttf"),
    include_bytes!("../assets/fonts/NotoSansTamil.ttf"),
    include_bytes!("../assets/fonts/NotoSansThai.ttf"),
    include_bytes!("../assets/fonts/DroidSansFallback.ttf"),
];

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(Fonts::load);

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A font, to draw with and to shape with.
pub(super) struct Face {
    /// To draw with.
    pub font: Font,
    /// To shape with.
    pub shaper: rustybuzz::Face<'static>,
}

impl Face {
    fn new(file: &'static [u8]) -> Option<Self> {
        Some(Self {
            font: Font::new(file.into(), 0)?,
            shaper: rustybuzz::Face::from_slice(file, 0)?,
        })
    }

    /// Whether there is a glyph for a character.
    pub(super) fn has(&self, c: char) -> bool {
        self.shaper.glyph_index(c).is_some_and(|glyph| glyph != GlyphId(0))
    }
}

/// All fonts.
pub(super) struct Fonts {
    regular: Face,
    bold: Face,
    others: Vec<Face>,
}

impl Fonts {
    /// The fonts; `None` when one does not load.
    pub(super) fn get() -> Option<&'static Self> {
        FONTS.as_ref()
    }

    fn load() -> Option<Self> {
        Some(Self {
            regular: Face::new(REGULAR)?,
            bold: Face::new(BOLD)?,
            others: OTHERS.into_iter().map(Face::new).collect::<Option<_>>()?,
        })
    }

    /// The font of a weight, for the scripts that it has.
    pub(super) fn main(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// The first font that has a character.
    pub(super) fn of(&self, weight: Weight, c: char) -> Option<&Face> {
        let main = [self.main(weight), &self.regular];
        main.into_iter().chain(&self.others).find(|face| face.has(c))
    }
}
