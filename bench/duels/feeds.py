"""Timetables as large as a bench needs, made from the demo: more trips a day, the same lines elsewhere in Europe."""

import csv
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

DAY = 24 * 3600
# The distance between two consecutive copies, in degrees.
STEP = (0.61, -1.07)

Row = dict[str, str]


def rewrite(source: Path, target: Path, change: Callable[[Row], list[Row]]) -> None:
    """Copies a CSV file, and replaces each row by others."""
    with source.open(encoding="utf-8-sig", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        reader = csv.DictReader(file)
        writer = csv.DictWriter(out, reader.fieldnames or [])
        writer.writeheader()
        for row in reader:
            writer.writerows(change(row))


def seconds(text: str) -> int:
    """A GTFS time in seconds."""
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def clock(value: int) -> str:
    """Seconds as a GTFS time."""
    return f"{value // 3600:02}:{value // 60 % 60:02}:{value % 60:02}"


def multiply(feed: Path, times: int) -> None:
    """Makes every trip run `times` times a day, evenly spread."""
    starts: dict[str, int] = {}
    with (feed / "stop_times.txt").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            starts.setdefault(row["trip_id"], seconds(row["departure_time"]))

    def trip(row: Row) -> list[Row]:
        return [row | {"trip_id": f"{row['trip_id']}-{number}"} for number in range(times)]

    def call(row: Row) -> list[Row]:
        start = starts[row["trip_id"]]
        calls = []
        for number in range(times):
            later = (start + number * DAY // times) % DAY - start
            moved = {name: clock(seconds(row[name]) + later) for name in ("arrival_time", "departure_time")}
            calls.append(row | moved | {"trip_id": f"{row['trip_id']}-{number}"})
        return calls

    for name, change in (("trips.txt", trip), ("stop_times.txt", call)):
        rewrite(feed / name, feed / "new", change)
        (feed / "new").replace(feed / name)


def move(feed: Path, number: int, cities: list[tuple[float, float, str]]) -> None:
    """Makes a copy of a demo feed the feed of another company, in the cities nearest to where its lines are moved."""
    company = feed.name
    own = company.removesuffix(f"-{number}")
    taken: set[str] = set()

    def stop(row: Row) -> list[Row]:
        latitude = float(row["stop_lat"]) + STEP[0] * (number % 7 - 3)
        longitude = float(row["stop_lon"]) + STEP[1] * (number % 23)
        near = min((city for city in cities if city[2] not in taken),
                   key=lambda city: (city[0] - latitude) ** 2 + (city[1] - longitude) ** 2)
        taken.add(near[2])
        return [row | {"stop_lat": str(near[0]), "stop_lon": str(near[1]), "stop_name": near[2]}]

    def renamed(row: Row) -> list[Row]:
        return [row | {name: value.replace(own, company) for name, value in row.items() if name == "agency_id"}
                | ({"agency_name": f"{row['agency_name']} {number}"} if "agency_name" in row else {})]

    for name, change in (("stops.txt", stop), ("agency.txt", renamed), ("routes.txt", renamed),
                         ("fare_attributes.txt", renamed)):
        rewrite(feed / name, feed / "new", change)
        (feed / "new").replace(feed / name)
    (feed / "translations.txt").unlink(missing_ok=True)


def demo(source: Path, target: Path, copies: int, times: int) -> None:
    """The demo's folder, each feed `copies` times, all but the first elsewhere, and each trip `times` times a day."""
    target.mkdir()
    for file in source.glob("*.csv"):
        shutil.copy(file, target)
    with (source.parent / "cities-europe-15000.csv").open(encoding="utf-8") as file:
        cities = [(float(row["lat"]), float(row["lon"]), row["slug"]) for row in csv.DictReader(file)]
    for feed in sorted(source.iterdir()):
        if not feed.is_dir():
            continue
        for number in range(copies):
            copy = target / (f"{feed.name}-{number}" if number else feed.name)
            shutil.copytree(feed, copy)
            multiply(copy, times)
            if number:
                move(copy, number, cities)


def pack(feed: Path, target: Path) -> None:
    """Packs a feed into an archive, as a publisher would offer it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(feed.glob("*.txt")):
            archive.write(file, file.name)
