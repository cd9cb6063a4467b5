"""Finds import circles: modules of one crate that import each other, directly or through others.

Compared are the modules that are in the same module (at the top: in the crate). Each counts with everything inside it,
so a circle is found whichever of their files it passes through. A module and what is inside it may import each other:
they are one unit. Any other circle is broken up: what both need moves into a third module, or the one that is used is
given what it needs of the other (as `ReportGenerator::new_job`, since the job of a report admits the next one).

The one exception is the module of jobs in `app`, which counts file by file. The file of a job has its payload and its
handler: a use case imports the payload, to write the job, and the handler imports use cases of the same module, to run
it. Taken as wholes, `jobs` and most modules with a job would therefore be one circle. So what `jobs` imports is left
out where modules are compared, and instead no circle of files may go through a job, not even by way of a module and
its parts.
"""

import re
import sys
from pathlib import Path

from sources import USE, blank, leaves

# The module of jobs.
JOBS = "jobs"
# A path in the code: `crate::…`, `super::…`, or one that begins with a module inside the one that it is written in.
INLINE = re.compile(r"(?<![\w:])([a-z_]\w*(?:::\w+)+)")
Graph = dict[tuple[str, ...], set[tuple[str, ...]]]


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

    def graph(self) -> Graph:
        """The imports between the files."""
        graph: Graph = {module: set() for module in self.files}
        for module, paths in self.imports.items():
            for to in (self.target(module, path) for path in paths):
                if to is not None:
                    graph[module].add(to)
        return graph


def siblings(graph: Graph) -> list[Graph]:
    """For each module, the imports between the modules in it, each with everything inside it; without those of jobs."""
    levels: dict[tuple[str, ...], Graph] = {}
    for module, imported in graph.items():
        for to in imported if module[:1] != (JOBS,) else ():
            shared = next((at for at, (a, b) in enumerate(zip(module, to)) if a != b), None)
            if shared is not None:
                level = levels.setdefault(module[:shared], {})
                level.setdefault(module[: shared + 1], set()).add(to[: shared + 1])
                level.setdefault(to[: shared + 1], set())
    return list(levels.values())


def circles(graph: Graph) -> list[list[tuple[str, ...]]]:
    """The groups of modules that all reach each other (strongly connected components of more than one)."""
    reached = {module: reach(graph, module) for module in graph}
    groups = {frozenset(other for other in reached[module] if module in reached[other]) for module in graph}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def reach(graph: Graph, start: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The modules that a module reaches by imports."""
    seen, waiting = set(), [start]
    while waiting:
        for to in graph[waiting.pop()] - seen:
            seen.add(to)
            waiting.append(to)
    return seen


def edges(graph: Graph, circle: list[tuple[str, ...]]) -> list[str]:
    """The imports between the modules of a circle, as lines."""
    unit = {module: part for part in circle for module in graph if module[: len(part)] == part}
    return sorted(
        f"    {'::'.join(module)} -> {'::'.join(to)}"
        for module in unit
        for to in graph[module]
        if to in unit and unit[to] != unit[module]
    )


def main() -> int:
    """Prints the circles."""
    wrong = []
    for manifest in [*sorted(Path("common").glob("*/Cargo.toml")), *(Path(name, "Cargo.toml") for name in ("api", "worker", "scheduler"))]:
        crate = Crate(manifest.parent / "src")
        graph = crate.graph()
        found = [circle for level in siblings(graph) for circle in circles(level)]
        # The root of a crate contains everything.
        files = {module: imported - {()} for module, imported in graph.items() if module}
        found += [circle for circle in circles(files) if any(module[:1] == (JOBS,) for module in circle)]
        for circle in found:
            names = ", ".join(sorted("::".join(module) for module in circle))
            wrong.append(f"{manifest.parent}: these modules import each other: {names}")
            if "--edges" in sys.argv:
                wrong += edges(graph, circle)
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
