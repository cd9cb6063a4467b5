"""Plots of the results of `./dev bench`: reads bench/results.jsonl and writes SVGs. The last result of each duel
counts.

`plot.py RESULTS FOLDER` writes ratios.svg (each side beside its yardsticks), growth.svg (searches and sales as tickets
and departures grow) and lists.svg (reads of a partner and a company as their tickets grow), each if there is a result
for it.
"""

import json
import re
import sys
from html import escape
from pathlib import Path

WIDTH, LEFT, ROW, TOP = 960, 420, 22, 64
COLOURS = ("#2f6f9f", "#c8622e", "#4f8a3c", "#8a5a9a", "#a8872a", "#2a8f8f", "#b04a6a", "#5a5a5a", "#6a7fd0", "#7a4a2a")
Figure = dict


def latest(results: Path) -> dict[str, dict]:
    """The last result of each duel."""
    found: dict[str, dict] = {}
    for line in results.read_text(encoding="utf-8").splitlines():
        run = json.loads(line)
        found[run["duel"]] = run
    return found


def text(x: float, y: float, content: str, style: str = "") -> str:
    """A text element."""
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(content)}</text>'


def picture(title: str, source: str, height: float, parts: list[str]) -> str:
    """A complete SVG, dark on white whatever the theme of the reader."""
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="sans-serif" font-size="12" '
            f'role="img"><title>{escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>')
    return "\n".join([head, text(16, 26, title, 'font-size="16" font-weight="bold"'), text(16, 46, source, 'fill="#666"'), *parts, "</svg>\n"])


def bars(title: str, source: str, rows: list[tuple[str, float]], unit: str, mark: float | None = None) -> str:
    """Horizontal bars, with a line at `mark`."""
    most = max([value for _, value in rows] + ([mark] if mark else [])) or 1
    scale = (WIDTH - LEFT - 90) / most
    parts = []
    for number, (name, value) in enumerate(rows):
        y = TOP + number * ROW
        parts.append(text(LEFT - 8, y + 14, name, 'text-anchor="end"'))
        parts.append(f'<rect x="{LEFT}" y="{y + 3}" width="{max(1, value * scale):.1f}" height="{ROW - 7}" fill="{COLOURS[0]}"/>')
        parts.append(text(LEFT + value * scale + 6, y + 14, f"{value:,.3g}{unit}"))
    bottom = TOP + len(rows) * ROW
    if mark:
        x = LEFT + mark * scale
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4}" y2="{bottom}" stroke="#666" stroke-dasharray="4 3"/>')
    return picture(title, source, bottom + 16, parts)


def curves(title: str, source: str, places: list[str], series: dict[str, list[float]]) -> str:
    """Lines over equidistant places, with a vertical axis from zero."""
    height, bottom, right = 360, 300, WIDTH - 220
    most = max(max(values) for values in series.values()) or 1
    xs = [80 + number * (right - 80) / max(1, len(places) - 1) for number in range(len(places))]
    parts = [f'<line x1="80" x2="{right}" y1="{bottom}" y2="{bottom}" stroke="#666"/>']
    for x, place in zip(xs, places, strict=True):
        parts.append(text(x, bottom + 20, place, 'text-anchor="middle"'))
    for step in range(5):
        y = bottom - step * (bottom - TOP) / 4
        parts.append(f'<line x1="80" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(text(72, y + 4, f"{most * step / 4:,.3g}", 'text-anchor="end" fill="#666"'))
    for number, (name, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x:.1f},{bottom - value / most * (bottom - TOP):.1f}" for x, value in zip(xs, values, strict=False))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(text(right + 12, TOP + 16 + number * 20, name, f'fill="{colour}"'))
    return picture(title, source, height, parts)


def source(*runs: dict) -> str:
    """The machine and the commits of the figures."""
    commits = sorted({run["commit"].split("+")[0] for run in runs})
    return f"{runs[0]['machine']}; {', '.join(commits)}"


def ratios(runs: dict[str, dict]) -> str | None:
    """Each side beside its yardsticks, where more is better."""
    rows, used = [], []
    for run in runs.values():
        for figure in run["figures"]:
            if figure["unit"] == "/s" and figure["ratios"] and run["duel"] != "growth":
                used.append(run)
                subject = figure["name"]
                # Some yardsticks begin with the name of what they are compared with.
                rows += [(f"{subject} to {name.removeprefix(subject + ': ')}", ratio) for name, ratio in figure["ratios"].items()]
    return bars("Throughput as a ratio to the yardstick of the same run", source(*used), rows, "", 1) if rows else None


def growth(run: dict | None) -> str | None:
    """Searches and sales at each size, as a ratio to the smallest."""
    if run is None:
        return None
    series: dict[str, dict[str, float]] = {}
    for figure in run["figures"]:
        if figure["unit"] == "/s" and (found := re.fullmatch(r"(\d+x): (.*)", figure["name"])):
            series.setdefault(found[2], {})[found[1]] = figure["median"]
    places = list(next(iter(series.values())))
    relative = {name: [values[place] / values[places[0]] for place in places] for name, values in series.items()}
    return curves("Throughput as tickets and departures grow (1 is the smallest)", source(run), places, relative)


def lists(run: dict | None) -> str | None:
    """Median latency of reads at each number of tickets."""
    if run is None:
        return None
    series: dict[str, dict[str, float]] = {}
    for figure in run["figures"]:
        if found := re.fullmatch(r"(.*), ([\d,]+ tickets): p50", figure["name"]):
            series.setdefault(found[1], {})[found[2]] = figure["median"]
    places = list(next(iter(series.values())))
    return curves("Median latency of reads of one partner and one company, ms", source(run), places,
                  {name: list(values.values()) for name, values in series.items()})


def main() -> int:
    """Writes the plots that have results."""
    results, folder = Path(sys.argv[1]), Path(sys.argv[2])
    runs = latest(results)
    folder.mkdir(parents=True, exist_ok=True)
    plots = {"ratios": ratios(runs), "growth": growth(runs.get("growth")), "lists": lists(runs.get("lists"))}
    for name, svg in plots.items():
        if svg is not None:
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
            print(folder / f"{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
