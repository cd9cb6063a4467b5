"""Finds words in comments and documents that the project avoids: metaphors of its own, and vague pronouns.

Code is not read, since a column is called `stretch` and SMTP has verbs. Spelling is checked by typos (typos.toml).
"""

import re
import subprocess
import sys
from pathlib import Path

# What to write instead.
AVOIDED = {
    r"doors?": "program, API, worker or scheduler",
    r"verbs?": "use case",
    r"regroup(?:s|ed|ing)?": "move",
    r"relocat(?:e|es|ed|ing|ion)": "move",
    r"stretch(?:es)?": "segment",
    r"so many": "the name of the parameter, or a number of",
    r"who(?:so)?ever": "the caller, the user, a process that",
    r"murderers?": "crasher",
    r"gravediggers?": "reaper",
}
WORD = re.compile(rf"(?<![\w./`])({'|'.join(AVOIDED)})(?![\w`])", re.IGNORECASE)
# Files that name such words in order to explain them, texts of earlier releases, and what migrations say (they are not edited).
LEFT_OUT = re.compile(r"^(docs/GLOSSARY\.md|docs/released/|docs/decisions/|CHANGELOG\.md|migrations/|data/|bench/|console/src/lib/i18n/(?!en/)|deploy/dev/words\.py)")
COMMENT = {".rs": "//", ".ts": "//", ".py": "#", ".sh": "#", ".toml": "#", ".yml": "#"}
BLOCK = re.compile(r"/\*\*.*?\*/|<!--.*?-->", re.DOTALL)
DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)


def prose(path: Path) -> list[tuple[int, str]]:
    """The lines of a file that people read as text, with their numbers."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        # Code in a document is not prose.
        text = re.sub(r"^```.*?^```", lambda code: re.sub(r"[^\n]", "", code[0]), text, flags=re.MULTILINE | re.DOTALL)
        return [(number, re.sub(r"`[^`]*`", "`", line)) for number, line in enumerate(text.splitlines(), 1)]
    if "/i18n/" in path.as_posix():
        return list(enumerate(text.splitlines(), 1))
    mark = COMMENT.get(path.suffix)
    found = []
    if mark:
        for number, line in enumerate(text.splitlines(), 1):
            at = line.find(mark)
            if at >= 0 and (at == 0 or line[at - 1] in " \t"):
                found.append((number, line[at:]))
    for block in [*BLOCK.finditer(text), *(DOCSTRING.finditer(text) if path.suffix == ".py" else [])]:
        found.append((text.count("\n", 0, block.start()) + 1, block[0].replace("\n", " ")))
    return found


def main() -> int:
    """Prints each place, with what to write."""
    names = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
    paths = [Path(name) for name in names if name and not LEFT_OUT.match(name)]
    wrong = []
    for path in paths:
        if path.suffix in {".md", ".svelte", *COMMENT} and path.exists():
            for number, line in prose(path):
                for word in WORD.findall(line):
                    instead = next(text for pattern, text in AVOIDED.items() if re.fullmatch(pattern, word, re.IGNORECASE))
                    wrong.append(f"{path}:{number}: {word}: write {instead}")
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
