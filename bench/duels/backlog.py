"""A million due jobs of many tenants: how long they take, and how long an urgent job, and the only job of another tenant,
wait meanwhile.
"""

import subprocess
import threading
import time
from contextlib import ExitStack

from duels.figures import Figures, percentile
from duels.program import Server
from duels.setting import Options
from duels.world import SQL, World, redis_says

JOBS = 1_000_000
TENANTS = 1000
WORKER = "examples/queue_bench"
# The most entries that a list may hold.
WINDOW = 2000
# How many times a drain may read as many rows as there are without an index. A capped count, or a check of each minute, may
# do so; what the relay and the claims ask many times a second would do it hundreds of times.
SCANS = 3

DRAINED = "not exists (select from jobs where queue = 'email' and state in ('ready', 'sent', 'running') and not is_urgent " \
          "and tenant <> md5('newcomer')::uuid)"
WAITS = """
select extract(epoch from claimed_at - created_at) * 1000 from all_jobs
where queue = 'email' and tenant = md5('{tenant}')::uuid and state = 'done' and attempt = 1
"""
# Who inserts jobs meanwhile (sql/urgent.sql), and what these are.
MEANWHILE = {"somebody": "urgent job", "newcomer": "only job of a tenant"}
ALL_DONE = "not exists (select from jobs where queue = 'email' and state <> 'done')"
REPEATED = "select coalesce(sum(attempt - 1), 0) from all_jobs where queue = 'email'"
UNINDEXED = "select seq_tup_read from pg_stat_user_tables where relname = 'jobs'"
# The lists of urgent and of other jobs.
LISTS = ("jobs:urgent:{jobs:email}", "jobs:email")


def backlog(world: World, options: Options, figures: Figures) -> None:
    """Jobs that do nothing, drained by one scheduler and one or two workers."""
    jobs = options.scaled(JOBS, 4000)
    waiting = world.database("waiting", world.migrated())
    world.sql(waiting, file=SQL / "backlog.sql", jobs=jobs, tenants=options.scaled(TENANTS, 50))
    for _ in range(options.rounds):
        for workers in (1, 2):
            drained(world, figures, jobs, workers)


def drained(world: World, figures: Figures, jobs: int, workers: int) -> None:
    """One round."""
    database = world.database("backlog", "waiting")
    name = f"{workers} worker{'s' if workers > 1 else ''}"
    over = threading.Event()
    deepest, most = [0], [0.0]
    before = int(world.sql(database, UNINDEXED))
    watch = threading.Thread(target=watch_redis, args=(world, over, deepest, most))
    with ExitStack() as stack:
        started = time.monotonic()
        scheduler = stack.enter_context(world.ready("scheduler", database, LOG="error"))
        running: list[Server] = [scheduler]
        running += [stack.enter_context(world.ready(WORKER, database, "work", LOG="error", WORKER_CONCURRENCY="50")) for _ in range(workers)]
        stack.callback(over.set)
        watch.start()
        meter = world.meter(*running)
        hurry = urgent(world, database)
        world.until(database, DRAINED, "every job is done", seconds=60 + jobs / 100)
        took = time.monotonic() - started
        spent = meter.spent()
        if hurry.wait(60):
            message = "urgent jobs could not be written"
            raise RuntimeError(message)
        world.until(database, ALL_DONE, "every job that was written meanwhile is done", seconds=60)
        figures.add(f"{name}: most memory of the scheduler", scheduler.memory("VmHWM"), "MB")
    watch.join()
    if deepest[0] > WINDOW:
        message = f"a list held {deepest[0]} jobs"
        raise RuntimeError(message)
    # The processes have ended, so PostgreSQL has counted everything.
    scans = (int(world.sql(database, UNINDEXED)) - before) / jobs
    figures.add(f"{name}: rows read without an index, of those that were due", scans, "times")
    # For the few rows of a quick run, no index is worth its while.
    if scans > SCANS and not world.is_quick:
        message = f"without an index, {scans:.1f} times as many rows were read as there were jobs"
        raise RuntimeError(message)
    figures.add(f"{name}: drained", jobs / took, "/s")
    figures.add(f"{name}: until all were done", took, "s")
    for tenant, what in MEANWHILE.items():
        waits = [float(line) for line in world.sql(database, WAITS.format(tenant=tenant)).splitlines()]
        if not waits:
            message = f"no {what} was done"
            raise RuntimeError(message)
        for share in (0.5, 0.99):
            figures.add(f"{name}: {what}, from its insertion to its claim: p{share * 100:.0f}", percentile(waits, share), "ms")
    figures.add(f"{name}: longest list", deepest[0], "jobs")
    figures.add(f"{name}: most memory of Redis", most[0], "MB")
    figures.add(f"{name}: attempts beyond the first", float(world.sql(database, REPEATED)), "")
    for part, seconds in zip(("scheduler and workers", "PostgreSQL", "Redis"), spent[:3], strict=True):
        figures.add(f"{name}: {part}", seconds / jobs * 1000, "ms of CPU each")


def urgent(world: World, database: str) -> subprocess.Popen:
    """Writes an urgent job every tenth of a second, until no other job is left; then it ends by itself."""
    command = ["setpriv", "--pdeathsig", "TERM", "--", "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", database, "-f", str(SQL / "urgent.sql")]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def watch_redis(world: World, over: threading.Event, deepest: list[int], most: list[float]) -> None:
    """Records the greatest length of a list, and the most memory."""
    while not over.wait(0.02):
        lengths = [redis_says(world.redis_port, f"LLEN {key}") for key in LISTS]
        deepest[0] = max([deepest[0], *(int(length[1:]) for length in lengths if length.startswith(":"))])
        most[0] = max(most[0], world.redis.memory())
