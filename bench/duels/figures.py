"""Figures of a run: rounds, medians, ratios; printed as a table and kept as a line of JSON."""

import json
import math
import os
import platform
import statistics
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass
class Figure:
    """One quantity, measured once a round; `beside` names the yardsticks measured in the same rounds."""

    name: str
    unit: str
    beside: tuple[str, ...]
    values: list[float] = field(default_factory=list)


class Figures:
    """What one duel has measured so far."""

    def __init__(self) -> None:
        """Starts without figures."""
        self.by_name: dict[str, Figure] = {}
        self.notes: list[str] = []

    def add(self, name: str, value: float, unit: str, *beside: str) -> None:
        """Adds the value of one round."""
        self.by_name.setdefault(name, Figure(name, unit, beside)).values.append(value)

    def note(self, text: str) -> None:
        """Adds a note for the reader, once."""
        if text not in self.notes:
            self.notes.append(text)

    def ratios(self, figure: Figure) -> dict[str, list[float]]:
        """The ratios to each yardstick, one for each round."""
        found = {}
        for name in figure.beside:
            if name in self.by_name:
                pairs = zip(figure.values, self.by_name[name].values, strict=False)
                found[name] = [value / yardstick for value, yardstick in pairs if yardstick] or [0.0]
        return found

    def table(self) -> str:
        """Median, range and ratios of each quantity."""
        rows: list[tuple[str, ...]] = [("", "median", "least", "most", "ratio", "to")]
        for figure in self.by_name.values():
            values = [short(value) for value in (statistics.median(figure.values), min(figure.values), max(figure.values))]
            ratios = [(spread(ratio), name) for name, ratio in self.ratios(figure).items()] or [("", "")]
            rows.append((f"{figure.name}, {figure.unit}", *values, *ratios[0]))
            rows += [("", "", "", "", *more) for more in ratios[1:]]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join(lines + [f"note: {note}" for note in self.notes])

    def record(self) -> list[dict[str, object]]:
        """The same as data for JSON."""
        return [
            {
                "name": figure.name,
                "unit": figure.unit,
                "median": statistics.median(figure.values),
                "values": figure.values,
                "ratios": {name: statistics.median(ratios) for name, ratios in self.ratios(figure).items()},
                "intervals": {name: interval(ratios) for name, ratios in self.ratios(figure).items() if interval(ratios)},
            }
            for figure in self.by_name.values()
        ]


def short(value: float) -> str:
    """Three or four digits: rounds never agree in more."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def spread(ratios: list[float]) -> str:
    """The median of a ratio over several rounds, with the least and the greatest and, if there are enough, the interval
    of the median.
    """
    middle = short(statistics.median(ratios))
    if len(ratios) == 1:
        return middle
    found = interval(ratios)
    sure = f"; 95 %: {short(found[0])} to {short(found[1])}" if found else ""
    return f"{middle} ({short(min(ratios))} to {short(max(ratios))}{sure})"


def interval(values: list[float]) -> tuple[float, float] | None:
    """The interval that contains the true median with 95 % confidence, whatever the distribution: each value is above it
    or below it like the sides of a coin, so the median of 20 lies between the 6th and the 15th. `None` below six values.
    """
    ordered, left_out = sorted(values), -1
    # The chance that no more than this many values are below the true median.
    chance = 0.0
    while (chance := chance + math.comb(len(ordered), left_out + 1) / 2 ** len(ordered)) <= 0.025:
        left_out += 1
    return (ordered[left_out], ordered[-1 - left_out]) if left_out >= 0 else None


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def circumstances() -> dict[str, object]:
    """Machine, commit and load, before the measurement."""
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    memory = int(Path("/proc/meminfo").read_text().split(maxsplit=2)[1]) // (1 << 20)

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout.strip()

    commit = git("rev-parse", "--short=12", "HEAD") + ("+changes" if git("status", "--porcelain") else "")
    return {
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": commit,
        "machine": f"{cpu}, {os.cpu_count()} cores, {memory} GB, {platform.system()} {platform.release()}",
        "load": float(Path("/proc/loadavg").read_text().split()[0]),
    }


def append(path: Path, line: dict[str, object]) -> None:
    """Adds a line of JSON to the results."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, separators=(",", ":")) + "\n")
