"""Load generators: wrk for saturation, oha for a constant rate, pgbench for what PostgreSQL alone can do."""

import csv
import json
import math
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from duels.figures import percentile

LUA = Path(__file__).parent.parent / "lua"
# Seconds; longer than any response may take.
TIMEOUT = 60


def run(command: list[str], cwd: Path | None = None) -> str:
    """Returns a program's output; if it fails, the duel ends with its error."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        message = f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-2000:]}"
        raise RuntimeError(message)
    return done.stdout


def interrupted(command: list[str], seconds: float, cwd: Path) -> str:
    """Like `run`, but interrupts the program after some time. wrk then prints what it has measured until then."""
    with subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate()
    if process.returncode == -signal.SIGINT:
        # It had not begun yet, so that the signal killed it.
        return run(command, cwd)
    if process.returncode:
        message = f"{command[0]} ended with {process.returncode}: {(errors or output).strip()[-2000:]}"
        raise RuntimeError(message)
    return output


@dataclass
class Saturation:
    """The result of a closed loop of clients."""

    requests: int
    seconds: float
    bytes: int
    broken: int
    refused: int
    p50: float
    p99: float
    max: float
    statuses: dict[str, int]

    @property
    def rate(self) -> float:
        """Responses per second, whatever their status."""
        return self.requests / self.seconds

    def rate_of(self, status: int) -> float:
        """Responses of one status per second."""
        return self.statuses.get(str(status), 0) / self.seconds if self.seconds else 0.0


def wrk(url: str, script: str, arguments: list[str], clients: int, seconds: float) -> Saturation:
    """Lets `clients` clients send requests, each as soon as its last response is there. One thread: the servers have the
    other cores. wrk knows whole seconds only; fractions, for quick runs, are cut short. A busy machine may answer nothing
    in a fraction: then the load is repeated for twice as long.
    """
    whole = math.ceil(seconds)
    command = ["wrk", "-t1", f"-c{clients}", f"-d{whole}s", f"--timeout={TIMEOUT}s", "-s", script, url, "--", *arguments]
    output = run(command, LUA) if seconds == whole else interrupted(command, seconds, LUA)
    measured = Saturation(**json.loads(output.strip().splitlines()[-1]))
    if measured.broken:
        message = f"{measured.broken} connections of wrk broke or timed out"
        raise RuntimeError(message)
    if not measured.requests and seconds < min(whole, TIMEOUT):
        return wrk(url, script, arguments, clients, 2 * seconds)
    return measured


@dataclass
class Answer:
    """One request at a constant rate: instants and durations in seconds; latency counts from when it was due."""

    sent: float
    latency: float
    status: int


@dataclass
class Constant:
    """The result of requests that were sent on time, whether or not the responses kept up."""

    asked: int
    answers: list[Answer]

    def latency(self, share: float) -> float:
        """A percentile in milliseconds."""
        return percentile([answer.latency for answer in self.answers], share) * 1000

    def share_of(self, status: int) -> float:
        """The share of the requests that were answered with a status."""
        return sum(answer.status == status for answer in self.answers) / self.asked

    def worst_second(self) -> float:
        """The greatest p99 of any single second, in milliseconds."""
        seconds: dict[int, list[float]] = {}
        for answer in self.answers:
            seconds.setdefault(int(answer.sent), []).append(answer.latency)
        return max(percentile(latencies, 0.99) for latencies in seconds.values()) * 1000


def oha(options: list[str], headers: dict[str, str]) -> list[Answer]:
    """Runs oha; requests without an answer are missing from the list."""
    for name, value in headers.items():
        options = ["-H", f"{name}: {value}", *options]
    output = run(["oha", "--no-tui", "--no-color", "--output-format", "csv", "-t", f"{TIMEOUT}s", *options])
    rows = csv.DictReader(output.splitlines())
    return [Answer(float(row["request-start"]), float(row["request-duration"]), int(row["status"])) for row in rows]


def constant(urls: Path, headers: dict[str, str], rate: int, seconds: float, clients: int = 256) -> Constant:
    """Requests the addresses in a file at a constant rate."""
    asked = math.ceil(rate * seconds)
    answers = oha(["-q", str(rate), "-n", str(asked), "-c", str(clients), "--latency-correction", "--urls-from-file",
                   str(urls)], headers | {"accept-encoding": "gzip"})
    return Constant(asked, answers)


def pgbench(database: str, script: Path | None, clients: int, seconds: float, variables: dict[str, int | str] | None = None) -> float:
    """Transactions per second of a script, or of pgbench's own single-row reads (-S), on open connections. It knows whole
    seconds only, too: for less, each client makes a few transactions.
    """
    length = ["-T", str(int(seconds))] if seconds >= 1 else ["-t", "20"]
    what = ["-S"] if script is None else ["-f", str(script)]
    for name, value in (variables or {}).items():
        what += ["-D", f"{name}={value}"]
    command = ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", *length, *what, database]
    output = run(command)
    found = re.search(r"^tps = ([0-9.]+)", output, re.MULTILINE)
    failed = re.search(r"number of failed transactions: ([0-9]+)", output)
    if not found or (failed and failed[1] != "0"):
        raise RuntimeError(output)
    return float(found[1])
