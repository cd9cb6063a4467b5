"""Prints files with unit tests in a library or a program that its manifest exempts from tests, and fails if there are
any: cargo compiles such tests nowhere, and gives no warning.
"""

import sys
import tomllib
from pathlib import Path


def untested(package: Path) -> list[Path]:
    """The files of one package whose tests never run."""
    manifest = tomllib.loads((package / "Cargo.toml").read_text(encoding="utf-8"))
    programs = {target["name"]: target.get("test", True) for target in manifest.get("bin", [])}
    library = manifest.get("lib", {}).get("test", True)
    found = []
    for file in sorted((package / "src").rglob("*.rs")):
        parts = file.relative_to(package / "src").parts
        if parts[0] == "bin":
            is_tested = programs.get(Path(parts[1]).stem, True)
        elif parts == ("main.rs",):
            is_tested = programs.get(package.name, True)
        else:
            is_tested = library
        if not is_tested and "#[cfg(test)]" in file.read_text(encoding="utf-8"):
            found.append(file)
    return found


def main() -> int:
    """Checks every package of the workspace."""
    packages = [Path("api"), Path("worker"), Path("scheduler"), *sorted(Path("common").iterdir())]
    found = [file for package in packages for file in untested(package)]
    for file in found:
        sys.stdout.write(f"{file}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
