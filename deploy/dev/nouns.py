"""Prints the table of nouns and crates: which file is about what. Fails when an operation's noun has no handler of its name,
or a table of queries belongs to no noun that a use case or a rule knows.

A noun is the name of a file or folder directly in one of the places below; what is inside of a folder belongs to its noun.
"""

import sys
from pathlib import Path

# Where files are named by nouns.
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
# Files that hold a place together instead of being about a noun.
FRAME = {"lib", "mod", "main", "error", "policy", "lookup", "body", "wire", "refusal", "words", "output", "run", "work", "turn", "record"}
# Groups of operations whose handlers are in files of more than one noun, or called by another word on the wire.
HANDLED_ELSEWHERE = {"legacy": "api/src/legacy", "ops": "api/src/ops", "migration": "api/src/legacy/migration.rs"}
# Queries without a use case of their name: what several use cases share, or what only programs and other queries ask.
SHARED_QUERIES = {"access", "action", "cache", "departure", "due", "gauge", "history", "journey", "list_count", "partition", "passenger", "permission", "publication", "sale", "ticket", "ticket_move"}


def nouns(folder: str) -> dict[str, Path]:
    """The nouns of a folder, each with its path."""
    found = {}
    for path in sorted(Path(folder).iterdir()):
        name = path.stem.removesuffix("_tests")
        if (path.suffix == ".rs" or path.is_dir()) and name not in FRAME and not path.stem.endswith("_tests"):
            found.setdefault(name, path)
    return found


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
    known = places["use case"].keys() | places["rule"].keys() | SHARED_QUERIES
    wrong += [f"{path}: no use case and no rule has this name" for noun, path in places["query"].items() if noun not in known]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
