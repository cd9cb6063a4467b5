"""Prints a table of nouns and the crates that have files about them. Fails if an operation's noun has no handler of its
name, a handler of the platform's operations has no use case of its name, a file of queries or a job has no noun of a
use case or a rule, or nothing uses a rule.

A noun is the name of a file or folder directly in one of the places below; what a folder contains belongs to its noun.
"""

import re
import sys
from pathlib import Path

# The folders whose files are named after nouns.
PLACES = {
    "rule": ["common/domain/src"],
    "query": ["common/db/src"],
    "use case": ["common/app/src", "common/app/src/ops"],
    "job": ["common/app/src/jobs"],
    "route": ["api/src/routes"],
    "handler": ["api/src/distribution", "api/src/backoffice", "api/src/legacy", "api/src/ops"],
    "command": ["api/src/bin/admin"],
    "schedule": ["scheduler/src"],
}
# Files that serve all files of a folder, and are not about a noun.
FRAME = {"lib", "mod", "main", "error", "tests", "body", "wire", "refusal", "words", "output", "run", "work", "turn", "record", "id", "outcome", "terms"}
# Groups of operations whose handlers are in files of more than one noun, or have another name on the wire.
HANDLED_ELSEWHERE = {"legacy": "api/src/legacy", "ops": "api/src/ops, whose files are checked by themselves", "migration": "api/src/legacy/migration.rs"}
# Queries without a use case or a rule of their name, and the code that uses them.
SHARED_QUERIES = {
    "gauge": "the scheduler, for metrics",
    "history": "app/ticket: the entries of a ticket",
    "list_count": "other queries: the sizes of lists",
    "partition": "app/housekeeping and app/tracking: days that are made and dropped",
    "passenger": "app/ticket: the passengers of a move",
    "publication": "every use case that changes what is published",
    "sale": "app/booking: the statements of a sale",
}


def nouns(folder: str) -> dict[str, Path]:
    """The nouns of a folder, each with its path."""
    found = {}
    for path in sorted(Path(folder).iterdir()):
        name = path.stem.removesuffix("_tests")
        if (path.suffix == ".rs" or path.is_dir()) and name not in FRAME and not path.stem.endswith("_tests"):
            found.setdefault(name, path)
    return found


def parts(name: str) -> set[str]:
    """The words of a name, and all sequences of adjacent ones."""
    words = name.split("_")
    return {"_".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}


def sources() -> list[str]:
    """The Rust sources of all crates, without tests."""
    folders = [*Path("common").glob("*/src"), *map(Path, ("api/src", "worker/src", "scheduler/src"))]
    return [file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.rs")]


def main() -> int:
    """Prints the table, and then what is wrong."""
    places = {place: {noun: path for folder in folders for noun, path in nouns(folder).items()} for place, folders in PLACES.items()}
    every = sorted({noun for found in places.values() for noun in found})
    width = max(map(len, every))
    print(" " * width, *places, sep="  ")
    for noun in every:
        cells = [("x" if noun in found else ".").ljust(len(place)) for place, found in places.items()]
        print(noun.ljust(width), *cells, sep="  ")
    wrong = [f"routes/{noun}.rs: no handler has this name" for noun in places["route"] if noun not in places["handler"] and noun not in HANDLED_ELSEWHERE]
    wrong += [f"{path}: no use case has this name" for noun, path in nouns("api/src/ops").items() if noun not in places["use case"]]
    known = places["use case"].keys() | places["rule"].keys()
    unknown = [noun for noun in places["query"] if noun not in known]
    wrong += [f"{places['query'][noun]}: no use case and no rule has this name" for noun in unknown if noun not in SHARED_QUERIES]
    wrong += [f"nouns.py: {noun} needs no exception any more" for noun in SHARED_QUERIES if noun not in unknown]
    wrong += [f"{path}: the name has no noun of a use case or a rule" for noun, path in places["job"].items() if noun != "queue" and not known & parts(noun)]
    used = set(re.findall(r"\b(?:domain|crate|super)::\{?(\w+)", "\n".join(sources())))
    wrong += [f"{path}: nothing uses this rule" for noun, path in places["rule"].items() if noun not in used]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
