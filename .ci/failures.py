"""Prints the failures in the logs of `./dev check` and `./dev test`: each failed step and each failed test with the end
of its output. Not here: whether the run failed, which `.ci/run` decides by the exit codes."""

import re
import sys
from pathlib import Path

LINES = 60


def steps(log: str) -> dict[str, list[str]]:
    """The output of each step of `./dev check`, by the step's name."""
    found: dict[str, list[str]] = {}
    output: list[str] = []
    for line in log.splitlines():
        if line.startswith("── "):
            output = found.setdefault(line.removeprefix("── "), [])
        else:
            output.append(line)
    return found


def failed_steps(log: str) -> dict[str, list[str]]:
    """The output of the failed steps. A step that passed ends with a line that says how long it took. One without output
    is followed by the steps of a command that ran beside the others, which are listed themselves."""
    passed = re.compile(r"   done in \d+ s")
    return {name: output for name, output in steps(log).items() if output and not any(map(passed.fullmatch, output))}


def failed_tests(log: str) -> list[list[str]]:
    """What the test harness prints about the tests that failed, and cargo's own errors."""
    blocks = re.findall(r"^failures:\n\n(.*?)^failures:$", log, re.M | re.S)
    tests = [test for block in blocks for test in re.split(r"^(?=---- )", block, flags=re.M) if test.strip()]
    errors = re.findall(r"^(?:error|dev): .*(?:\n {2,}.*)*", log, re.M)
    return [text.strip().splitlines() for text in tests + errors]


def print_end(title: str, output: list[str]) -> None:
    print(f"\n── failed: {title}")
    print("\n".join(output[-LINES:]))


def main(check: str, test: str) -> None:
    for name, output in failed_steps(Path(check).read_text(errors="replace")).items():
        print_end(name, output)
    for output in failed_tests(Path(test).read_text(errors="replace")):
        print_end(output[0], output[1:])


main(*sys.argv[1:])
