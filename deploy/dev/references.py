"""Finds references to what does not exist: paths, test names, and links with their anchors, in every Markdown file.

A path in backticks may be relative to the top folder, to the folder of the document, or to a source folder, since
`domain/seat.rs` is as clear as `common/domain/src/seat.rs`. `{a,b}` stands for each of its words; `file.rs::name` also
needs a function of that name in the file, or in a file of the folder of that name, and so does `file.rs` (`name`).
"""

import itertools
import re
import subprocess
import sys
from pathlib import Path

CRATES = sorted(path.parent.name for path in Path("common").glob("*/Cargo.toml"))
SOURCE_FOLDERS = [*(f"common/{crate}/src" for crate in CRATES), "api/src", "worker/src", "scheduler/src"]
SOURCES = [*SOURCE_FOLDERS, "docs", "deploy", "api", "common", "worker", "scheduler"]

# Text is a path if it begins with a folder of the repository or of its sources, or if it is a file of these kinds.
KINDS = re.compile(r"\.(?:rs|md|sh|py|sql|toml|yaml|yml|css|html)$")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
# A path, and in brackets names that are defined in it.
INSIDE = re.compile(r"`([\w./{},]+)` \((`\w+`(?:, `\w+`)*)\)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAME = re.compile(r"[\w./{},*-]+(?:::\w+)*")
BRACES = re.compile(r"\{([^{}]*)\}")


def expand(text: str) -> list[str]:
    """The paths that a text with braces stands for."""
    found = BRACES.search(text)
    if not found:
        return [text]
    words = found[1].split(",")
    return list(itertools.chain.from_iterable(expand(text[: found.start()] + w + text[found.end() :]) for w in words))


def anchors(document: Path) -> set[str]:
    """The anchors of the headings."""
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    slug = lambda heading: re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")  # noqa: E731
    return {slug(heading) for heading in headings}


def places(path: str, document: Path) -> list[Path]:
    """The existing files and folders that a path can name."""
    roots = [Path(), document.parent, *map(Path, SOURCES)]
    names = [path] if KINDS.search(path) else [path, path + ".rs"]
    crate, _, rest = path.partition("/")
    if crate in CRATES and rest:
        names += [f"{crate}/src/{rest}", f"{crate}/src/{rest}.rs"]
    return [root / name for root in roots for name in names if (root / name).exists()]


def has_function(place: Path, name: str) -> bool:
    """Whether a file, or one in the folder of the same name beside it, defines a function or a module."""
    folder = place if place.is_dir() else place.with_suffix("")
    files = [place] if place.is_file() else []
    if folder.is_dir():
        files += folder.rglob("*.rs")
    pattern = re.compile(rf"\b(?:fn|mod) {name}\b")
    return any(pattern.search(file.read_text(encoding="utf-8")) for file in files)


def wrong_name(text: str, functions: set[str]) -> str | None:
    """The problem with a name such as `module::function`, if it can only be one of our own."""
    module, _, name = text.rpartition("::")
    if not re.fullmatch(r"\w+(?:::\w+)*", module) or not re.fullmatch(r"[a-z]+(?:_[a-z0-9]+){3,}", name):
        return None
    return None if name in functions else f"`{text}`: no function has this name"


def wrong_path(text: str, document: Path, folders: set[str]) -> str | None:
    """The problem with words in backticks, if they are a path."""
    if not NAME.fullmatch(text) or "*" in text or text.startswith("/"):
        return None
    for word in expand(text):
        path, *functions = word.split("::")
        first = path.split("/")[0]
        if not ("/" in path and first in folders) and not (KINDS.search(path) and "/" in path):
            continue
        found = places(path.rstrip("/"), document)
        if not found:
            return f"`{word}`: there is no such path"
        if functions and not any(has_function(place, functions[-1]) for place in found):
            return f"`{word}`: {path} has no {functions[-1]}"
    return None


def wrong_inside(path: str, names: str, document: Path) -> str | None:
    """The problem with names that should be in a file, or in one of several."""
    files = [place for word in expand(path) for place in places(word, document) if place.is_file()]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    missing = [name for name in CODE.findall(names) if not re.search(rf"\b{name}\b", text)]
    return f"`{path}`: it does not have {', '.join(missing)}" if files and missing else None


def wrong_link(target: str, document: Path) -> str | None:
    """The problem with the target of a link."""
    if re.match(r"[a-z]+:", target) or target.startswith("/"):
        return None
    path, _, anchor = target.partition("#")
    place = document.parent / path if path else document
    if not place.exists():
        return f"({target}): there is no such path"
    if anchor and place.suffix == ".md" and anchor not in anchors(place):
        return f"({target}): no heading has this anchor"
    return None


def main() -> int:
    """Prints the problems, one a line."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    files = [Path(line) for line in subprocess.check_output(command, text=True).splitlines()]
    folders = {file.parts[0] for file in files if len(file.parts) > 1}
    for source in SOURCE_FOLDERS:
        folders |= {child.stem for child in Path(source).iterdir()}
    functions: set[str] = set()
    for file in (file for file in files if file.suffix == ".rs" and file.exists()):
        functions |= set(re.findall(r"\bfn (\w+)", file.read_text(encoding="utf-8")))
    wrong = 0
    for document in (file for file in files if file.suffix == ".md" and file.exists()):
        text = FENCED.sub(lambda block: "\n" * block[0].count("\n"), document.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            problems = [wrong_path(code, document, folders) for code in CODE.findall(line)]
            problems += [wrong_name(code, functions) for code in CODE.findall(line)]
            problems += [wrong_inside(path, names, document) for path, names in INSIDE.findall(line)]
            problems += [wrong_link(target, document) for target in LINK.findall(line)]
            for problem in filter(None, problems):
                wrong += 1
                print(f"{document}:{number}: {problem}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
