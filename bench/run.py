"""Runs one duel, or all, on the servers that `./dev bench` has started: `run.py DUEL OPTIONS`."""

import argparse
import contextlib
import subprocess
import sys
import time
from pathlib import Path

from duels import backlog, overload, queue, retention, sale, search, steady, stores, sweep, traces
from duels.figures import Figures, append, circumstances
from duels.setting import Options
from duels.world import ROOT, World

DUELS = {
    "search": search.search,
    "catalogue": search.catalogue,
    "sale": sale.sale,
    "on-sale": sale.on_sale,
    "lists": stores.lists,
    "import": stores.imports,
    "swap": steady.swap,
    "report": stores.report,
    "queue": queue.queue,
    "sweep": sweep.sweep,
    "backlog": backlog.backlog,
    "retention": retention.retention,
    "overload": overload.overload,
    "growth": steady.growth,
    "idle": steady.idle,
    "traces": traces.traces,
    "memory": steady.memory,
}

# Seconds of a measurement of a quick run.
QUICK = 0.4


def arguments() -> argparse.Namespace:
    """The arguments of `./dev bench`."""
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures one duel, or all of them in turn.")
    parser.add_argument("duel", choices=[*DUELS, "all"])
    parser.add_argument("--seconds", type=int, default=10, help="length of one measurement; default: 10")
    parser.add_argument("--rounds", type=int, default=3, help="turns of both sides; default: 3")
    parser.add_argument("--quick", action="store_true", help="one short round with few rows: shows that it works, measures nothing")
    parser.add_argument("--feeds", type=Path, help="folder with dbfv2019.zip, cfr.zip and cfr_intl.zip; without it the demo, enlarged")
    parser.add_argument("--results", type=Path, default=ROOT / "bench" / "results.jsonl", help="where a line of JSON is added")
    parser.add_argument("--beside", type=Path, help="folder with the built programs of another commit, which `search` measures too")
    parser.add_argument("--minutes", type=int, default=60, help="length of the duel `memory`; default: 60")
    parser.add_argument("--all-yardsticks", action="store_true", help="import: also gtfs-via-postgres (its licence allows no commercial use)")
    parser.add_argument("--programs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--yardstick", action="append", default=[], help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(name: str, world: World, options: Options, told: argparse.Namespace) -> bool:
    """Runs one duel: prints its table and adds a line to the results; returns whether it was completed."""
    now, started = circumstances(), time.monotonic()
    print(f"\n── {name}: {now['machine']}; commit {now['commit']}; load {now['load']}", flush=True)
    figures = Figures()
    is_whole = True
    try:
        DUELS[name](world, options, figures)
    except (RuntimeError, OSError, LookupError, ValueError, ArithmeticError, StopIteration, subprocess.SubprocessError) as error:
        print(f"{name} FAILED: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        is_whole = False
    if figures.by_name:
        print(figures.table(), flush=True)
    print(f"{name} took {time.monotonic() - started:.0f} s", flush=True)
    if not told.quick and is_whole:
        build = {"seconds": options.seconds, "rounds": options.rounds, "feeds": "real" if world.feeds else "made of the demo"}
        append(told.results, {"duel": name, **now, **build, "figures": figures.record(), "notes": figures.notes})
    return is_whole


def main() -> int:
    """Runs the duels that were asked for."""
    told = arguments()
    options = Options(QUICK if told.quick else told.seconds, 1 if told.quick else told.rounds, told.quick, told.beside, told.minutes,
                      told.all_yardsticks)
    with contextlib.ExitStack() as stack:
        yardsticks = {name: Path(path) for name, path in (text.split("=", 1) for text in told.yardstick)}
        world = World(told.programs, told.quick, told.feeds and told.feeds.resolve(), yardsticks)
        stack.callback(world.redis.stop)
        names = list(DUELS) if told.duel == "all" else [told.duel]
        # `memory` takes an hour, so it runs only when it is named.
        names = [name for name in names if told.quick or name != "memory" or told.duel == name]
        # Run all of them, even after a failure.
        whole = [measure(name, world, options, told) for name in names]
        return 0 if all(whole) else 1


if __name__ == "__main__":
    sys.exit(main())
