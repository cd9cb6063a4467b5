"""Validates GTFS feeds: `feeds.py VALIDATOR FEED...`. Prints each error and each warning; either fails.

No warning is accepted today. One that has to be goes into a table here, with the reason.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path


def first_day(feed: Path) -> str:
    """The date as of which a feed is validated: its first day. With today's date, every feed would expire one day."""
    with (feed / "feed_info.txt").open(encoding="utf-8-sig", newline="") as file:
        day = next(csv.DictReader(file))["feed_start_date"]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def notices(validator: str, feed: Path) -> list[dict]:
    """What the validator reports about a feed, except for notices of severity INFO."""
    command = [validator, "--input", str(feed), "--date", first_day(feed), "--stdout"]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if not report["summary"]["counts"]["Trips"]:
        raise SystemExit(f"{feed}: the validator found no trips")
    return [notice for notice in report["notices"] if notice["severity"] != "INFO"]


def main(validator: str, feeds: list[str]) -> int:
    """Prints a line for each notice, with its first examples."""
    found = 0
    for feed in map(Path, feeds):
        for notice in notices(validator, feed):
            found += 1
            print(f"{feed.name}: {notice['severity']} {notice['code']}, {notice['totalNotices']} times:")
            for sample in notice["sampleNotices"][:5]:
                print(f"  {json.dumps(sample, ensure_ascii=False)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
