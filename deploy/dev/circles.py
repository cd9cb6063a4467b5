"""Finds import circles: files of one crate that import each other, directly or through others.

A file and the module that contains it may import each other: they are one unit. Any other circle is broken up: what
both files need moves into a third one, or the one that is used is given what it needs of the other (as
`ReportGenerator::new_job`, since the job of a report admits the next one). There are no exceptions.

The files of jobs are stricter, since a use case writes the payload that is in the file of the handler that calls it: no
circle goes through them, not even by way of a module and its parts.
"""

import re
import sys
from pathlib import Path

from sources import USE, blank, leaves

INLINE = re.compile(r"(?<![\w:])((?:crate|super)(?:::\w+)+)")


def modules(folder: Path) -> dict[tuple[str, ...], Path]:
    """The files of a crate by the paths of their modules, without those of tests and binaries."""
    found = {}
    for file in sorted(folder.rglob("*.rs")):
        parts = file.relative_to(folder).with_suffix("").parts
        if parts[0] == "bin" or parts[-1] in ("tests", "main") or parts[-1].endswith("_tests") or "tests" in parts:
            continue
        found[tuple(part for part in parts if part not in ("mod", "lib"))] = file
    return found


class Crate:
    """The imports between the files of a crate."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, modules(folder)
        self.imports: dict[tuple[str, ...], list[list[str]]] = {}
        self.exports: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for module, file in self.files.items():
            text = re.split(r"^#\[cfg\(test\)\]", file.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
            code = blank(text)
            named = [leaf for use in USE.finditer(code) for leaf in leaves(use[1])]
            self.imports[module] = [path for _, path in named] + [path.split("::") for path in INLINE.findall(code)]
            exported = re.finditer(r"^\s*pub(?:\([^)]*\))? use ([^;]+);", code, re.MULTILINE)
            self.exports[module] = dict(leaf for use in exported for leaf in leaves(use[1]))

    def target(self, module: tuple[str, ...], path: list[str], depth: int = 0) -> tuple[str, ...] | None:
        """The module that a path names; `None` if it is outside the crate."""
        here, rest = list(module), list(path)
        if rest[0] == "crate":
            here, rest = [], rest[1:]
        elif rest[0] in ("super", "self"):
            while rest and rest[0] in ("super", "self"):
                here = here[:-1] if rest[0] == "super" else here
                rest = rest[1:]
        elif (*module, rest[0]) not in self.files:
            return None
        while rest and (*here, rest[0]) in self.files:
            here.append(rest.pop(0))
        onward = self.exports[tuple(here)].get(rest[0]) if rest and tuple(here) in self.exports else None
        if onward and onward != path and depth < 5:
            return self.target(tuple(here), onward, depth + 1) or tuple(here)
        return tuple(here) if tuple(here) in self.files else None

    def graph(self, *, parts: bool = False) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
        """The imports; those between a module and one inside it only if `parts` is set."""
        graph: dict[tuple[str, ...], set[tuple[str, ...]]] = {module: set() for module in self.files}
        for module, paths in self.imports.items():
            for to in (self.target(module, path) for path in paths):
                if to is not None and to != module and (parts or (to[: len(module)] != module and module[: len(to)] != to)):
                    graph[module].add(to)
        return graph


def circles(graph: dict[tuple[str, ...], set[tuple[str, ...]]]) -> list[list[tuple[str, ...]]]:
    """The groups of modules that all reach each other (strongly connected components of more than one)."""
    reached = {module: reach(graph, module) for module in graph}
    groups = {frozenset(other for other in reached[module] if module in reached[other]) for module in graph}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def reach(graph: dict[tuple[str, ...], set[tuple[str, ...]]], start: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The modules that a module reaches by imports."""
    seen, waiting = set(), [start]
    while waiting:
        for to in graph[waiting.pop()] - seen:
            seen.add(to)
            waiting.append(to)
    return seen


def main() -> int:
    """Prints the circles."""
    wrong = []
    for manifest in [*sorted(Path("common").glob("*/Cargo.toml")), *(Path(name, "Cargo.toml") for name in ("api", "worker", "scheduler"))]:
        crate = Crate(manifest.parent / "src")
        graph, whole = crate.graph(), crate.graph(parts=True)
        found = [(graph, circle) for circle in circles(graph)]
        found += [(whole, circle) for circle in circles(whole) if any(module[:1] == ("jobs",) for module in circle) and (graph, circle) not in found]
        for within, circle in found:
            names = sorted(str(crate.files[module].relative_to(crate.folder)) for module in circle)
            wrong.append(f"{manifest.parent}: these files import each other: {', '.join(names)}")
            if "--edges" in sys.argv:
                wrong += [f"    {'::'.join(a)} -> {'::'.join(b)}" for a in circle for b in sorted(within[a] & set(circle))]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
