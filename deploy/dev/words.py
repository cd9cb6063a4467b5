"""Finds words that the project avoids: metaphors of its own, idioms and vague pronouns.

Reads comments, documents, names of functions, and the texts that programs print: log lines, errors, help. The rest of
the code is not read, since a column is called `stretch` and SMTP has verbs. Spelling is checked by typos (typos.toml).
"""

import re
import subprocess
import sys
from pathlib import Path

# What to write instead. Some words that docs/GLOSSARY.md gives up are not here, since they have other meanings that are
# right: room (there is room for more), transfer (of a body; in GTFS), order (a sequence), run, line, place.
AVOIDED = {
    r"doors?": "program, API, worker or scheduler",
    r"verbs?": "use case",
    r"rooms": "crates",
    r"houses?": "project",
    r"fleets?": "tracking, the carrier, or the buses of an account",
    r"geolocations?": "tracking",
    r"fms": "tracking",
    r"regroup(?:s|ed|ing)?": "move",
    r"relocat(?:e|es|ed|ing|ion)": "move",
    r"stretch(?:es)?": "segment",
    r"patience": "time-out",
    r"stand-?ins?": "simulator, or a replacement",
    r"so many": "the name of the parameter, or a number of",
    r"who(?:so)?ever": "the caller, the user, a process that",
    r"murderers?": "crasher",
    r"gravediggers?": "reaper",
    r"mend(?:s|ed|ing)?": "correct, fix or repair",
    r"none of ours": "one that we did not issue, or unknown",
    r"faults? of ours": "an internal error, or a bug",
    r"everybody": "all users, every caller",
    r"for ever": "until shutdown, permanently",
    r"again and again": "repeatedly, periodically",
    r"what (?:became|has become|becomes) of": "the outcome, or the status, of",
    r"(?:is|are) asked with": "request bodies",
    r"answers? with\.": "response bodies",
    r"unless told otherwise": "by default",
    r"(?:(?:is|are|was|were)(?: not)? parked|parked (?:as|jobs?))": "dead, of a job",
    r"(?:backoffice(?! API)|back-office)": "back office, or Backoffice API for the API",
    r"(?:is|are|was|were|be|been|being) told": "what the response contains, or notified, asked, distinguished",
}
# And in documents.
AVOIDED_IN_DOCUMENTS = AVOIDED | {r"somebody": "the user, an operator, another process", r"anybody": "anyone"}
# And in the texts that programs print: on-call people and clients read them without their context.
AVOIDED_IN_PRINTED = AVOIDED | {
    r"(?:some|no|any)body": "the user, an operator, another process, or no user, no process",
    r"for want of": "because too few are left, for lack of",
    r"by how (?:it|they) ended": "by outcome",
    r"(?:fail(?:s|ed)? for good|failed permanently)": "dead, of a job",
    r"by where (?:it|they) (?:is|are|stands?)": "by state",
}
# And in the names of functions, with blanks for underscores: documents cite tests by their names.
AVOIDED_IN_NAMES = AVOIDED | {
    r"^whom?(?= )": "the user, the caller or the process",
    r"whomever": "the user, the caller or the process",
    r"(?:some|any)body": "the user, the caller or the process",
    r"nobodys?|nobody elses": "no user, no caller, no process, or unknown",
    r"ours": "what it belongs to: our company, the proxy, this origin",
    r"told": "reported, answered, refused, described, distinguished",
    r"untold": "unreported",
}
FUNCTION = re.compile(r"\bfn (?:r#)?(\w+)")
# Files that name such words in order to explain them, texts of earlier releases, and migrations (they are not edited).
LEFT_OUT = re.compile(r"^(docs/GLOSSARY\.md|docs/released/|migrations/.*\.sql|data/|console/src/lib/i18n/(?!en/)|deploy/dev/words\.py)")
# What begins a text that a program prints, up to the bracket that is closed after it.
PRINTED = re.compile(
    r"\b(?:error|warn|info)!\(|#\[error\(|\bFieldError::new\(|\b(?:Api|App|Cli)Error::\w+\(|\bSelf::field\("
    r"|\bregistry\.register\(|\brecords\.find\("
)
# The help text of a metric that is not registered by `register`.
HELP = re.compile(r'\blet help =\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
# The rules of `./dev chaos`: each stands before its query, or in a finding.
RULE = re.compile(r'(?:\brule: "(?:[^"\\]|\\.)*"|\(\s*"(?:[^"\\]|\\.)*"(?=,\s*"(?:select|with)\b))', re.DOTALL)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
USAGE = re.compile(r"<<'TEXT'\n(.*?)^TEXT$", re.DOTALL | re.MULTILINE)
SAID = re.compile(r'\b(?:say|warn|fail) "((?:[^"\\]|\\.)*)"', re.DOTALL)
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
    if path.suffix in {"", ".sh"}:
        return [*comments(text, "#"), *(at for pattern in (USAGE, SAID) for at in found_by(pattern, text))]
    mark = COMMENT.get(path.suffix)
    found = comments(text, mark) if mark else []
    for pattern in [BLOCK, *([DOCSTRING] if path.suffix == ".py" else [])]:
        found += found_by(pattern, text)
    return found


def comments(text: str, mark: str) -> list[tuple[int, str]]:
    """The comments of a program, line by line, without their marks."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        at = line.find(mark)
        if at >= 0 and (at == 0 or line[at - 1] in " \t"):
            found.append((number, line[at:].lstrip(f"{mark}!").strip()))
    return found


def found_by(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """What a pattern finds in a text, with the numbers of the lines where it begins."""
    return [(text.count("\n", 0, hit.start()) + 1, hit[0]) for hit in pattern.finditer(text)]


def printed(path: Path) -> list[tuple[int, str]]:
    """The literals of a program in calls that log, make an error or describe a metric, and the rules."""
    if path.suffix != ".rs" or "/tests/" in path.as_posix() or path.stem.endswith("tests"):
        return []
    text = path.read_text(encoding="utf-8")
    found = found_by(HELP, text) + found_by(RULE, text)
    for call in PRINTED.finditer(text):
        depth, end = 1, call.end()
        while depth and end < len(text):
            if text[end] == '"' and (literal := LITERAL.match(text, end)):
                found.append((text.count("\n", 0, end) + 1, literal[1]))
                end = literal.end()
                continue
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
    return found


def blocks(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Lines that follow each other as one text, since a phrase can go over the end of a line."""
    joined: list[tuple[int, str]] = []
    for number, line in lines:
        if joined and joined[-1][0] + joined[-1][1].count("\n") + 1 == number:
            joined[-1] = (joined[-1][0], f"{joined[-1][1]}\n{line}")
        else:
            joined.append((number, line))
    return joined


def avoided(path: Path) -> list[str]:
    """The places of a file with words to avoid, with what to write."""
    names = misnamed(path) if path.suffix == ".rs" else []
    words = AVOIDED_IN_DOCUMENTS if path.suffix == ".md" else AVOIDED
    return names + worded(path, prose(path), words) + worded(path, printed(path), AVOIDED_IN_PRINTED)


def worded(path: Path, lines: list[tuple[int, str]], words: dict[str, str]) -> list[str]:
    """The places of these lines with one of the words, with what to write."""
    patterns = {re.compile(rf"(?<![\w./`]){word}(?![\w`])".replace(" ", r"\s+"), re.IGNORECASE): text for word, text in words.items()}
    return [
        f"{path}:{number + text.count(chr(10), 0, hit.start())}: {' '.join(hit[0].split())}: write {instead}"
        for number, text in blocks(lines)
        for pattern, instead in patterns.items()
        for hit in pattern.finditer(text)
    ]


def misnamed(path: Path) -> list[str]:
    """The functions of a file whose names have words to avoid, with what to write."""
    text = path.read_text(encoding="utf-8")
    return [
        f"{path}:{text.count(chr(10), 0, function.start()) + 1}: fn {function[1]}: write {instead}"
        for function in FUNCTION.finditer(text)
        for word, instead in AVOIDED_IN_NAMES.items()
        if re.search(rf"\b(?:{word})\b", function[1].replace("_", " "))
    ]


def main() -> int:
    """Prints each place, with what to write."""
    names = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
    paths = [Path(name) for name in names if name and not LEFT_OUT.match(name)]
    read = [path for path in paths if (path.suffix in {".md", ".svelte", *COMMENT} or path.name == "dev") and path.is_file()]
    wrong = [place for path in read for place in avoided(path)]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
