"""Runs the tours of documents, `tours.py [--strict] DOCUMENT...`: the ```sh blocks of each document, unchanged, in one
shell (bash -eu) for each document, in a folder whose .dev/env names a running stack. PSQL names a psql. Where a guide
has its reader set the URL and the key, those of .dev/env are used.

It fails if a command fails, if a request is answered with an error that is not shown, if a block prints other output
than the block below it shows, or if it leaves a file in the folder, where people's data would remain. Output is
compared by its shape: an ellipsis matches anything, and numbers, ids, days, line breaks and widths of columns may
differ. With --strict, a number between blanks is 0 where a 0 is shown, and only there, and an ellipsis beside other
text stays in its line.
"""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

# Longest time that one tour may take.
LIMIT_SECONDS = 300

# What a reader has and a script has not: time. Between two blocks, and where a block sleeps, it waits until every job that
# is due has run (a mail that left, a report that is made), however slow the machine is.
PRELUDE = r"""
settle() {
    local due attempt
    for attempt in $(seq 600); do
        due=$("$PSQL" "$DATABASE_URL" -Atc "select count(*) from jobs
            where state in ('ready', 'sent', 'running') and run_at < now() + interval '2 seconds'")
        [ "$due" != 0 ] || return 0
        command sleep 0.1
    done
    echo "jobs are due for a minute and do not run" >&2
    return 1
}
sleep() { settle; }
# Notes every request that fails; the tour continues after a response, whatever its status.
curl() {
    local status=0
    command curl --fail-with-body "$@" || status=$?
    [ "$status" = 0 ] || echo "$status" >>"$TOUR/$BLOCK.failed"
    [ "$status" = 22 ] || return "$status"
}
"""

# The demo's buses rest on two days of the year; the documents say what to do then.
NEXT_DAY = r"""
for attempt in 1 2; do
    curl -s -H "x-api-key: $API_KEY" \
        "$API_URL/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate=$DAY&passengers=2" | grep -q '"id":"eyJ' && break
    DAY=$(date -d "$DAY + 1 day" +%F)
done
"""

# What differs from run to run, and what stands for it.
SHAPES = [
    (r"…", r"[\s\S]*?"),
    (r"\s*\n\s*", r"\\s*"),
    (r"\s+", r"\\s+"),
    (r'(?<=[_"])[0-9a-f]{6,}', "[0-9a-f]+"),
    (r"\d+(?:\.\d+)?", r"\\d+(?:\\.\\d+)?"),
    (r"-{4,}", "-{4,}"),
    (r"\bEES?T\b", "EES?T"),
    (r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", "[A-Z][a-z]+day"),
    (
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b",
        "[A-Z][a-z]+",
    ),
]


# Lines with numbers of jobs that schedules start at any moment: by queue or worker, or by state for the queue `sweep`.
LIVELY = re.compile(r"[ \t]*(?:(?:geo|report|sweep|timetable)(?:_worker)?\s|(?:ready|sent|running)\s+\|)")


@dataclass
class Block:
    """Commands, and what is shown of their output."""

    commands: str
    shown: list[str] = field(default_factory=list)


# What a guide has its reader fill in.
READERS_OWN = re.compile(r"^API_(?:URL|KEY)=.*\n", re.MULTILINE)


def tour(text: str) -> tuple[str, list[Block]]:
    """The heading of a document and the blocks of its tour. Blocks before the first commands are not output."""
    heading, _, body = text.removeprefix("# ").partition("\n")
    blocks: list[Block] = []
    for language, content in re.findall(r"^```(\w+)\n(.*?)^```$", body, flags=re.MULTILINE | re.DOTALL):
        if language == "sh":
            commands, filled_in = READERS_OWN.subn("", content)
            blocks.append(Block("source .dev/env\n" * (filled_in > 0) + commands))
        elif blocks:
            blocks[-1].shown.append(content)
    return heading, blocks


def line_of(shown: str, match: re.Match[str]) -> str:
    """The line in which a match begins."""
    return shown[shown.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]


def is_steady(shown: str, match: re.Match[str]) -> bool:
    """Whether this is a number between blanks, in a line in which a 0 means something."""
    beside = shown[: match.start()][-1:] + shown[match.end() :][:1]
    return match[0].isdigit() and not beside.strip() and not LIVELY.match(line_of(shown, match))


def shape(shown: str, is_strict: bool) -> re.Pattern[str]:
    """A pattern for what is shown."""
    token = re.compile("|".join(f"({pattern})" for pattern, _ in SHAPES))
    parts, end = [""], 0
    for match in token.finditer(shown):
        assert match.lastindex is not None
        parts[-1] += re.escape(shown[end : match.start()])
        stands_for = SHAPES[match.lastindex - 1][1].replace(r"\\", "\\")
        is_in_line = is_strict and line_of(shown, match).strip() != "…"
        if match[0] == "…" and is_in_line:
            # It may stand for nothing, and at the end of a line for all of the rest.
            parts[-1] = re.sub(r"\\s\+$", r"[^\\S\\n]*", parts[-1])
            parts[-1] += r"[^\n]*" if shown[match.end() :][:1] in ("", "\n") else r"[^\n]*?"
        elif match[0] == "…":
            parts.append(stands_for)
        elif "\n" in match[0] and is_in_line:
            parts += [parts.pop() + stands_for, ""]
        elif is_strict and is_steady(shown, match):
            parts[-1] += "0" if int(match[0]) == 0 else rf"(?!0(?![\d.])){stands_for}"
        else:
            parts[-1] += stands_for
        end = match.end()
    parts[-1] += re.escape(shown[end:])
    # What follows an ellipsis, with --strict each line, is looked for once, where it comes first. Without that, a
    # comparison that fails would try all combinations of places. A group in a lookahead is not tried again; `(?>..)`
    # needs Python 3.11.
    *others, last = parts
    once = "".join(f"(?=(?P<part{number}>{part}))(?P=part{number})" for number, part in enumerate(others))
    return re.compile(once + last)


def script(blocks: list[Block]) -> str:
    """A tour as a shell script; the output of each block goes to a file of its own."""
    parts = [PRELUDE]
    for number, block in enumerate(blocks):
        parts.append(f'BLOCK={number}\nexec >"$TOUR/$BLOCK"\n{block.commands}')
        if "\nDAY=" in block.commands:
            parts.append(NEXT_DAY)
        parts.append("settle\n")
    return "".join(parts)


def problem(block: Block, output: str, failed: list[str], is_strict: bool) -> str | None:
    """What is wrong with what a block did."""
    shown = "\n".join(block.shown).strip()
    expected = shown.count('{"errors":[')
    if len(failed) != expected:
        return f"{len(failed)} requests failed (curl: {', '.join(failed) or '-'}) where {expected} errors are shown"
    # A page shows no byte order mark.
    if not shape(shown, is_strict).fullmatch(output.strip("\ufeff \n")):
        return "it prints something else than is shown"
    return None


def run(heading: str, blocks: list[Block], is_strict: bool) -> bool:
    """Runs a tour, reports every block that differs from what is shown, and returns whether there is none."""
    with tempfile.TemporaryDirectory() as folder:
        files, before = Path(folder), set(os.listdir())
        (files / "tour.sh").write_text(script(blocks), encoding="utf-8")
        done = subprocess.run(
            ["bash", "-eu", str(files / "tour.sh")],
            env={**os.environ, "TOUR": folder, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        is_good = done.returncode == 0
        # A shell that ended early has no output of the later blocks.
        begun = [number for number in range(len(blocks)) if (files / str(number)).exists()]
        for number in begun:
            block, output = blocks[number], (files / str(number)).read_text(encoding="utf-8")
            failed = files / f"{number}.failed"
            wrong = problem(block, output, failed.read_text().split() if failed.exists() else [], is_strict)
            if wrong is None and number == begun[-1] and done.returncode != 0:
                wrong = f"it ends the shell with exit code {done.returncode}"
            if wrong is not None:
                is_good = False
                print(f"{heading}: {wrong}\n--- commands\n{block.commands}--- printed\n{output.rstrip()}")
                print("--- shown\n" + "\n".join(block.shown).rstrip() + "\n---")
        if left := sorted(set(os.listdir()) - before):
            is_good = False
            print(f"{heading}: it leaves files in the checkout: {', '.join(left)}")
        print(done.stderr, end="")
    if is_good:
        print(f"   {heading}: {len(blocks)} blocks do what is shown")
    return is_good


def main() -> int:
    """Runs all tours in order, since the tour of a company uses what the partner's did."""
    documents = [argument for argument in sys.argv[1:] if argument != "--strict"]
    texts = [Path(document).read_text(encoding="utf-8") for document in documents]
    good = [run(*tour(text), is_strict="--strict" in sys.argv) for text in texts]
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
