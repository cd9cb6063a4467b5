"""Makes the reduced fonts of this folder: python3 subset.py FOLDER, with Debian's packages unpacked into FOLDER.

Needs fontTools. Which packages, and why: README.md.
"""

import sys
from pathlib import Path

from fontTools import subset

HERE = Path(__file__).parent
FONTS = Path(sys.argv[1]) / "usr/share/fonts/truetype"
SCRIPTS = ["Devanagari", "Bengali", "Tamil", "Thai"]


def charset(encoding: str, leads: range, trails: range) -> set[int]:
    """The characters of a double-byte encoding."""
    pairs = (bytes([lead, trail]) for lead in leads for trail in trails)
    texts = (pair.decode(encoding, errors="ignore") for pair in pairs)
    return {ord(text) for text in texts if len(text) == 1}


def make(source: Path, target: str, characters: set[int] | None) -> None:
    """Writes a font with these characters, or with all that it has."""
    options = subset.Options(hinting=False, layout_features=["*"], notdef_outline=True, recalc_timestamp=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters or set(font.getBestCmap()))
    subsetter.subset(font)
    subset.save_font(font, HERE / target, options)


def main() -> None:
    """Writes every font."""
    chinese = charset("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF)) | charset("big5", range(0xA4, 0xC7), range(0x40, 0xFF))
    japanese = charset("euc_jp", range(0xB0, 0xF5), range(0xA1, 0xFF))
    common = set(range(0x3000, 0x3100)) | set(range(0xFF01, 0xFF61))
    make(FONTS / "droid/DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", chinese | japanese | common)
    for script in SCRIPTS:
        make(FONTS / f"noto/NotoSans{script}-Regular.ttf", f"NotoSans{script}.ttf", None)


if __name__ == "__main__":
    main()
