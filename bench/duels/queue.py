"""Jobs that do nothing: the ledger beside BullMQ, and beside plain lists of Redis."""

import json
import os
import shutil
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from duels.figures import Figures
from duels.processor import waited
from duels.program import until
from duels.setting import Options
from duels.world import World, redis_says

# Jobs of a measurement of throughput, for each of --seconds.
JOBS = 3000
# Jobs of a measurement of latency.
SPACED = 600
# The same as BullMQ's concurrency (bench/queue).
SLOTS = 50
# How many times as many entries go through the plain lists: enough for a second or more.
TIMES = 10
# As long as the entry of a job of the ledger.
ENTRY = "0192f0c1-7d3a-7b52-9c55-2f6b8a4e1d07:1"

MEMORY = ("--appendonly", "no")
EVERYSEC = ("--appendonly", "yes", "--appendfsync", "everysec")
ALWAYS = ("--appendonly", "yes", "--appendfsync", "always")

# Shares of the jobs whose greatest time is shown.
SHARES = ("p50", "p90", "p99", "max")
# The parts of the time from commit to start, by their names in the bench.
PARTS = {"sent": "from commit to sent", "claimed": "from sent to claimed", "started": "from claimed to start"}

BENCH = "examples/queue_bench"
LISTS = "LPUSH and RPOP, memory only"


@dataclass
class Rival:
    """BullMQ in one language, on a Redis that persists its jobs in one way."""

    name: str
    command: list[str]
    redis: tuple[str, ...]
    has_latency: bool


def queue(world: World, options: Options, figures: Figures) -> None:
    """Jobs per second, and the time from enqueuing a job to the start of its handler."""
    jobs, spaced = options.scaled(JOBS * options.seconds, 300), options.scaled(SPACED, 40)
    rivals = found_rivals(world, figures)
    for _ in range(options.rounds):
        for workers in (1, 2):
            ledger(world, figures, jobs, workers, rivals)
        for rival in rivals:
            with world.redis_beside(*rival.redis) as port:
                told = answer([*rival.command, str(port), "throughput", str(jobs)], dict(os.environ), timeout(jobs))
            figures.add(rival.name, told["total_per_s"], "/s")
            figures.add(f"{rival.name}: draining alone", told["drain_per_s"], "/s")
        lists(world, figures, jobs)
        ledger_latency(world, figures, spaced, rivals)
        for rival in (rival for rival in rivals if rival.has_latency):
            with world.redis_beside(*rival.redis) as port:
                told = answer([*rival.command, str(port), "latency", str(spaced)], dict(os.environ), timeout(spaced))
            for share in SHARES:
                figures.add(f"{rival.name}, from add: {share}", told[f"{share}_ms"], "ms")


def found_rivals(world: World, figures: Figures) -> list[Rival]:
    """The rivals that could be installed; the others are noted."""
    found: list[Rival] = []
    if folder := world.yardsticks.get("bullmq"):
        node = ["node", str(folder / "bullmq.mjs")]
        found += [Rival("BullMQ, memory only", node, MEMORY, True), Rival("BullMQ, AOF everysec", node, EVERYSEC, False),
                  Rival("BullMQ, AOF always", node, ALWAYS, True)]
        package = json.loads((folder / "node_modules" / "bullmq" / "package.json").read_text())
        figures.note(f"BullMQ {package['version']} on Node.js {output(['node', '--version'], dict(os.environ), 10).strip()}")
    else:
        figures.note("BullMQ is not measured: Node.js or its packages could not be installed")
    if program := world.yardsticks.get("bullmq-rust"):
        rust = [str(program)]
        found += [Rival("BullMQ in Rust, memory only", rust, MEMORY, True), Rival("BullMQ in Rust, AOF always", rust, ALWAYS, True)]
    else:
        figures.note("BullMQ in Rust is not measured: it was not built")
    return found


def ledger(world: World, figures: Figures, jobs: int, workers: int, rivals: list[Rival]) -> None:
    """One round of the ledger: from the first transaction until the last job is recorded as done."""
    database = world.database("queue", world.migrated())
    name = f"ledger, {workers} worker{'s' if workers > 1 else ''}"
    with ExitStack() as stack:
        running = [stack.enter_context(world.ready("scheduler", database, LOG="error"))]
        running += [stack.enter_context(world.ready(BENCH, database, "work", LOG="error", WORKER_CONCURRENCY=str(SLOTS)))
                    for _ in range(workers)]
        meter = world.meter(*running)
        told = answer([str(world.programs / BENCH), "throughput", str(jobs)], world.settings(database) | {"LOG": "error"}, timeout(jobs))
        spent = meter.spent()
    all_are_done(world, database, jobs)
    drained = [f"{rival.name}: draining alone" for rival in rivals if rival.redis == MEMORY]
    figures.add(name, told["total_per_s"], "/s", *(rival.name for rival in rivals), *drained, LISTS)
    figures.add(f"{name}: enqueuing alone", told["enqueue_per_s"], "/s")
    for part, seconds in zip(("scheduler and workers", "PostgreSQL", "Redis"), spent[:3], strict=True):
        figures.add(f"{name}: {part}", seconds / jobs * 1000, "ms of CPU each")


def ledger_latency(world: World, figures: Figures, spaced: int, rivals: list[Rival]) -> None:
    """One round of the ledger: jobs that find an idle worker."""
    database = world.database("queue", world.migrated())
    settings = world.settings(database) | {"LOG": "error", "WORKER_CONCURRENCY": str(SLOTS)}
    with world.ready("scheduler", database, LOG="error"):
        started, before = time.monotonic(), waited()
        told = answer([str(world.programs / BENCH), "latency", str(spaced)], settings, timeout(spaced))
        elapsed, after = time.monotonic() - started, waited()
    all_are_done(world, database, spaced)
    for share in SHARES:
        beside = [f"{rival.name}, from add: {share}" for rival in rivals if rival.has_latency]
        figures.add(f"ledger, from commit: {share}", told[f"{share}_ms"], "ms", *beside)
    for share in ("p50", "p99"):
        beside = [f"{rival.name}, from add: {share}" for rival in rivals if rival.has_latency]
        figures.add(f"ledger, from begin: {share}", told[f"{share}_whole_ms"], "ms", *beside)
        for part, name in PARTS.items():
            figures.add(f"ledger, {name}: {share}", told[f"{share}_{part}_ms"], "ms")
    for name, end, start in zip(("a thread waited for a core", "the host kept cores"), after, before, strict=True):
        figures.add(f"ledger, from commit: {name}", (end - start) / elapsed * 100, "% of the time")
    explain_slowest(world, database, told["slowest"], figures)


def explain_slowest(world: World, database: str, slowest: list[list[float]], figures: Figures) -> None:
    """Notes when the slowest jobs of a round were committed, what they waited for, and whether PostgreSQL vacuumed or
    analyzed tables meanwhile, which takes a core and makes all sessions plan their statements again.
    """
    jobs = (f"{total:g} = {sent:g} + {claimed:g} + {begun:g} at {at:g} s" for at, total, sent, claimed, begun in slowest)
    tables = world.sql(database, "select count(*) from pg_stat_all_tables where autovacuum_count + autoanalyze_count > 0")
    figures.note(f"slowest of a round, ms until sent + claimed + started: {'; '.join(jobs)}; tables vacuumed or analyzed: {tables}")


def all_are_done(world: World, database: str, jobs: int) -> None:
    """Fails unless all jobs are done."""
    found = world.sql(database, "select state, count(*) from all_jobs where queue = 'email' group by state")
    done = dict(line.split("\t") for line in found.splitlines())
    if set(done) != {"done"} or int(done["done"]) < jobs:
        message = f"of {jobs} jobs not all are done: {done}"
        raise RuntimeError(message)


def lists(world: World, figures: Figures, jobs: int) -> None:
    """One round of the upper bound: LPUSH in pipelines of 1,000 by one connection, then RPOP by 50, one at a time."""
    if not shutil.which("redis-benchmark"):
        figures.note("plain lists are not measured: redis-benchmark is missing")
        return
    entries, taken = jobs * TIMES, 0.0
    with world.redis_beside(*MEMORY) as port:
        for command, left in ((["-c", "1", "-P", "1000", "-n", str(entries), "LPUSH", "jobs", ENTRY], entries),
                              (["-c", str(SLOTS), "-n", str(entries), "RPOP", "jobs"], 0)):
            started = time.monotonic()
            output(["redis-benchmark", "-q", "-h", "127.0.0.1", "-p", str(port), *command], dict(os.environ), timeout(jobs))
            taken += time.monotonic() - started
            until(lambda left=left: redis_says(port, "LLEN jobs") == f":{left}", f"the list has {left} entries", seconds=5)
    figures.add(LISTS, entries / taken, "/s")


def timeout(jobs: int) -> int:
    """Seconds after which a measurement is given up: a minute, and a second for every 100 jobs."""
    return 60 + jobs // 100


def answer(command: list[str], env: dict[str, str], seconds: int) -> dict[str, Any]:
    """The figures that a bench prints in its last line."""
    printed = output(command, env, seconds).strip().splitlines()
    if not printed:
        message = f"{command[0]} was told to end before it had measured"
        raise RuntimeError(message)
    return json.loads(printed[-1])


def output(command: list[str], env: dict[str, str], seconds: int) -> str:
    """Returns what a program prints. It may take `seconds` seconds, and ends with this process."""
    try:
        done = subprocess.run(["setpriv", "--pdeathsig", "TERM", "--", *command], env=env, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=seconds)
    except subprocess.TimeoutExpired as late:
        message = f"{' '.join(command)} was not over after {seconds} s"
        raise RuntimeError(message) from late
    if done.returncode:
        message = f"{' '.join(command)} ended with {done.returncode}: {(done.stderr + done.stdout).strip()[-2000:]}"
        raise RuntimeError(message)
    return done.stdout
