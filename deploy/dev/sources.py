"""The functions of the Rust sources, and which of them each one calls, by name.

A call is followed only if its name identifies the function.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|b?r(?P<hash>#*)\".*?\"(?P=hash)|b?\"(?:\\.|[^\"\\])*\"|'(?:\\.[^']*|[^'\\])'", re.DOTALL
)
FUNCTION = re.compile(r"\b(async )?(?:unsafe )?fn (\w+)")
IMPL = re.compile(r"^impl\b(?:<[^{;]*?>)?\s+(?:[\w:<>', ]+? for )?(?:\w+::)*(\w+)[^{;]*\{", re.MULTILINE)
USE = re.compile(r"^\s*(?:pub(?:\([^)]*\))? )?use ([^;]+);", re.MULTILINE)
CALL = re.compile(r"(?<![\w.])((?:\w+::)*)(\w+)(?:::<[^()]*?>)?\(")
# A method, and the name of the value that it is called on, if it has one: `self.f(`, `platform.f(`.
METHOD = re.compile(r"(\b\w+)?\s*\.\s*(\w+)\(")
# A field of a struct, and its type, which may be behind a reference or in an `Arc`.
FIELD = re.compile(r"^\s+(?:pub(?:\([^)]*\))? )?(\w+): &?(?:\w+<)*(?:\w+::)*([A-Z]\w+)", re.MULTILINE)
# An argument that is taken apart, with its type: `(a, b): (A, B)`.
TUPLE = re.compile(r"\(([\w\s,]+)\):\s*&?\(((?:[^()]|\(\))*)\)")
MACRO = re.compile(r"(?<![\w:])(\w+)!")


@dataclass
class Function:
    """A function of the sources."""

    name: str
    file: Path
    owner: str | None  # the type whose `impl` it is in
    code: str  # its body without comments and texts
    texts: list[str]  # the texts in its body
    arguments: str
    waits: bool  # whether it is async
    calls: list["Function"] = field(default_factory=list)

    def is_in(self, *folders: str) -> bool:
        """Whether the function is in a folder of one of these names."""
        return bool(set(self.file.parts) & set(folders))


@dataclass
class Source:
    """A source file."""

    path: Path
    text: str
    code: str  # the same length, with blanks for comments and texts
    names: dict[str, list[str]]  # what it imports: the path of each name


def blank(text: str) -> str:
    """The code with blanks in place of comments and texts."""
    return TOKEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def split(code: str) -> list[str]:
    """The parts of a list, at the commas that are not inside braces or angle brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(code + ","):
        depth += (letter in "{<") - (letter in "}>")
        if letter == "," and depth == 0:
            parts.append(code[start:at])
            start = at + 1
    return parts


def separated(code: str) -> str:
    """Arguments with each part of a tuple as an argument: `a: A, b: B` for `(a, b): (A, B)`."""

    def parts(found: re.Match[str]) -> str:
        names, kinds = ([part.strip() for part in split(side) if part.strip()] for side in found.groups())
        return ", ".join(f"{name}: {kind}" for name, kind in zip(names, kinds)) if len(names) == len(kinds) else found[0]

    return TUPLE.sub(parts, code)


def leaves(tree: str, before: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """The names of a `use`, each with its path."""
    tree = tree.strip()
    brace = tree.find("{")
    if brace >= 0:
        root = tuple(part for part in tree[:brace].split("::") if part)
        parts = split(tree[brace + 1 : tree.rindex("}")])
        return [leaf for part in parts if part.strip() for leaf in leaves(part, before + root)]
    path, _, name = tree.partition(" as ")
    parts = [*before, *path.split("::")]
    if parts[-1] == "self":
        parts.pop()
    return [(name.strip() or parts[-1], parts)]


def body(code: str, start: int) -> tuple[int, int] | None:
    """The start and end of the braces that follow a place, unless a semicolon comes first."""
    depth, opened = 0, None
    for found in re.compile(r"[][(){};]").finditer(code, start):
        depth += (found[0] in "[({") - (found[0] in "])}")
        if opened is None and depth == 0 and found[0] == ";":
            return None
        if opened is None and depth == 1 and found[0] == "{":
            opened = found.start()
        if opened is not None and depth == 0:
            return opened, found.end()
    return None


def texts(source: Source, start: int, end: int) -> list[str]:
    """The texts of a part of a file."""
    found = (token[0] for token in TOKEN.finditer(source.text, start, end))
    return [text for text in found if not text.startswith(("//", "/*", "'"))]


def fit(modules: list[str], wanted: list[str]) -> tuple[int, int]:
    """How many of the last names of a path match modules, and the depth of the last of these below its parent."""
    if wanted[-1] not in modules:
        return 0, 0
    at = len(modules) - 1 - modules[::-1].index(wanted[-1])
    fits = 0
    while fits < len(wanted) and fits <= at and modules[at - fits] == wanted[-1 - fits]:
        fits += 1
    return fits, len(modules) - at


class Sources:
    """All functions, and the resolution of calls to them."""

    def __init__(self, folders: list[str]) -> None:
        self.files: dict[Path, Source] = {}
        self.named: dict[str, list[Function]] = defaultdict(list)
        self.macros: dict[tuple[Path, str], list[str]] = {}
        self.fields: dict[str, set[str]] = defaultdict(set)
        for file in sorted(file for folder in folders for file in Path(folder).rglob("*.rs")):
            skipped = {"tests", "testing", "simulators", "bin", "benches", "examples", "target"}
            if not skipped & set(file.parts) and "src" in file.parts:
                self.read(file)
        for function in [function for same in self.named.values() for function in same]:
            function.calls = self.called(function)

    def read(self, file: Path) -> None:
        """Adds the functions of a file, but not those of its tests."""
        text = re.split(r"^#\[cfg\(test\)\]", file.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
        code = blank(text)
        names: dict[str, list[str]] = dict(leaf for use in USE.finditer(code) for leaf in leaves(use[1]))
        source = self.files[file] = Source(file, text, code, names)
        for found in re.finditer(r"\bstruct \w+(?:<[^{;(]*>)?\s*(?:where[^{;]*)?\{", code):
            if span := body(code, found.end() - 1):
                for name, kind in FIELD.findall(code[span[0] : span[1]]):
                    self.fields[name].add(kind)
        owners = [(found[1], body(code, found.end() - 1)) for found in IMPL.finditer(code)]
        for found in FUNCTION.finditer(code):
            span = body(code, found.end())
            if span:
                inside = [owner for owner, where in owners if where and where[0] < found.start() < where[1]]
                owner = inside[0] if inside else None
                arguments = separated(code[found.end() : span[0]])
                inner = code[span[0] : span[1]]
                function = Function(found[2], file, owner, inner, texts(source, *span), arguments, bool(found[1]))
                self.named[found[2]].append(function)
        for found in re.finditer(r"\bmacro_rules! (\w+)", code):
            if span := body(code, found.end()):
                self.macros[file, found[1]] = texts(source, *span)

    def called(self, function: Function) -> list[Function]:
        """The functions that a function calls."""
        source, found = self.files[function.file], []
        for path, name in CALL.findall(function.code):
            found += self.resolve(source, function, path.split("::")[:-1], name)
        for receiver, name in METHOD.findall(function.code):
            owned = [candidate for candidate in self.named.get(name, []) if candidate.owner]
            if not owned:
                continue
            if receiver == "self":
                found += [candidate for candidate in owned if candidate.owner == function.owner]
                continue
            # The type is known if the value is an argument, or is made in the function.
            typed = re.search(
                rf"\b{receiver}: &?(?:'\w+ )?(?:mut )?(?:\w+<&?)*(?:\w+::)*(\w+)|\blet (?:mut )?{receiver} = (?:\w+::)*([A-Z]\w+)\b",
                function.arguments + function.code,
            )
            fitting = [candidate for candidate in owned if typed and candidate.owner in typed.groups()]
            # Or the value is a field, whose type is the same in all structs that have a field of this name.
            if receiver and not typed and len(self.fields[receiver]) == 1 and re.search(rf"\.\s*{receiver}\s*\.\s*{name}\(", function.code):
                fitting = [candidate for candidate in owned if candidate.owner in self.fields[receiver]]
            # Otherwise the name of the method must be unique, and the file must name its type.
            if not fitting and len(owned) == 1 and re.search(rf"\b{owned[0].owner}\b", source.code):
                fitting = owned
            found += fitting
        return found

    def resolve(self, source: Source, function: Function, path: list[str], name: str) -> list[Function]:
        """The functions that `path::name` can mean."""
        candidates = self.named.get(name, [])
        if path and path[-1][0].isupper():
            owner = function.owner if path[-1] == "Self" else path[-1]
            return [candidate for candidate in candidates if candidate.owner == owner]
        free = [candidate for candidate in candidates if not candidate.owner]
        if not path:
            own = [candidate for candidate in free if candidate.file == source.path]
            if own or name not in source.names:
                return own
            imported = source.names[name]
            path, name = imported[:-1], imported[-1]
            free = [candidate for candidate in self.named.get(name, []) if not candidate.owner]
        elif path[0] in source.names:
            path = source.names[path[0]] + path[1:]
        if path[0] in ("super", "self"):
            here = self.modules(source.path)
            above = path.count("super")
            path = here[: len(here) - above] + [part for part in path if part not in ("super", "self")]
        wanted = [part for part in path if part != "crate"]
        if not wanted:
            return []
        # Take the longest suffix of the path that matches; what a module exports may be in a file below it.
        best: list[tuple[int, int, Function]] = []
        for candidate in free:
            fits, depth = fit(self.modules(candidate.file), wanted)
            if fits:
                best.append((fits, -depth, candidate))
        if not best:
            return []
        # A module may say which of the functions of this name it exports, unlike one of the same name in another crate.
        longest = max(fits for fits, *_ in best)
        for file in (one for one in self.files if fit(self.modules(one), wanted) == (longest, 1)):
            exported = self.files[file].names.get(name, [])
            within = [candidate for *_, candidate in best if len(exported) > 1 and self.modules(candidate.file)[-1:] == exported[-2:-1]]
            if within and wanted[-1] != exported[-2]:
                return within
        most = max(best, key=lambda one: one[:2])[:2]
        return [candidate for *rank, candidate in best if tuple(rank) == most]

    @staticmethod
    @cache
    def modules(file: Path) -> list[str]:
        """The modules that a file is in, its own one last."""
        return [part for part in file.with_suffix("").parts if part not in ("mod", "src", "lib")]

    def sql(self, function: Function) -> str:
        """The SQL of a function, and of the macros in its file that it uses."""
        used = [text for name in MACRO.findall(function.code) for text in self.macros.get((function.file, name), [])]
        return "\n".join([*function.texts, *used])


def reached(start: list[Function], stop) -> list[Function]:
    """The functions that these reach, themselves included. Does not go beyond those for which `stop` is true."""
    seen: dict[int, Function] = {}
    waiting = list(start)
    while waiting:
        function = waiting.pop()
        if id(function) not in seen and not stop(function):
            seen[id(function)] = function
            waiting += function.calls
    return list(seen.values())
