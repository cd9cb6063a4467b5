"""The retention of finished jobs: a day of ten million is dropped with its partition while other jobs run, beside
deleting as many rows from a plain table.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from duels.figures import Figures, percentile
from duels.program import Program, until
from duels.setting import Options
from duels.world import SQL, World

JOBS = 10_000_000
# Jobs per second that run meanwhile, and the connections that write them: one that waits for a lock delays no other.
RATE, WRITERS = 100, 16
WORKER = "examples/queue_bench"

# The job that drops old partitions has run when the scheduler had started: it does not run again within an hour...
CLEANED = "exists (select from finished_jobs where kind = 'job_cleanup')"
# ... unless it is set to, as docs/ADMINISTRATION.md says.
DUE_NOW = "update schedules set next_at = now() where name = 'housekeeping'"
NOW = "select clock_timestamp()"
ALL_DONE = "not exists (select from jobs where queue = 'email' and created_at < '{end}' and state in ('ready', 'sent', 'running'))"
WAITS = """
select extract(epoch from claimed_at - created_at) * 1000 from finished_jobs
where queue = 'email' and finished_at >= '{start}' and created_at >= '{start}' and created_at < '{end}' and attempt = 1
"""
# The statement that drops, and the longest of those that need the tables of finished jobs too: writers and workers.
LONGEST = """
select coalesce(max(max_exec_time) filter (where query ilike 'drop table%finished_jobs_other%'), 0),
       coalesce(max(max_exec_time) filter (where query ilike '%insert into finished_jobs (%'
                                              or query ilike '%from finished_jobs where queue = $%'), 0)
from pg_stat_statements where dbid = (select oid from pg_database where datname = '{database}')
"""


@dataclass
class Phase:
    """What was measured while something was done, and jobs ran."""

    seconds: float
    postgres: float
    waits: list[float]


def retention(world: World, options: Options, figures: Figures) -> None:
    """Seconds until a day is gone, and what jobs wait for meanwhile, beside the same without and with deletions."""
    jobs = options.scaled(JOBS, 1000)
    for _ in range(options.rounds):
        database = world.database("retention", world.migrated())
        with ExitStack() as stack:
            programs = (world.ready("scheduler", database, LOG="error"), world.ready("sweep_worker", database),
                        world.ready(WORKER, database, "work", LOG="error", WORKER_CONCURRENCY="50"))
            running: list[Program] = [stack.enter_context(program) for program in programs]
            world.until(database, CLEANED, "the first clean-up is over")
            partition, *counts = world.sql(database, file=SQL / "finished.sql", jobs=jobs).split("\t")
            if counts != [str(jobs)] * 2:
                message = f"{counts} instead of {jobs} jobs could be written"
                raise RuntimeError(message)
            stack.enter_context(counting(world))
            stack.enter_context(steady(database))
            one_round(world, options, figures, Round(world, database, partition, running), jobs)


@dataclass
class Round:
    """A database with a day of finished jobs, and the programs on it."""

    world: World
    database: str
    partition: str
    running: list[Program]

    def phase(self, action: Callable[[], None]) -> Phase:
        """Does something while jobs run, and waits for the last of these jobs."""
        start, meter = self.world.sql(self.database, NOW), self.world.meter(*self.running)
        action()
        _, postgres, _, seconds = meter.spent()
        end = self.world.sql(self.database, NOW)
        self.world.until(self.database, ALL_DONE.format(end=end), "every job is done")
        waits = self.world.sql(self.database, WAITS.format(start=start, end=end)).splitlines()
        if not waits:
            message = "no job has run meanwhile"
            raise RuntimeError(message)
        return Phase(seconds, postgres, [float(line) for line in waits])

    def is_gone(self) -> bool:
        """Whether the partition of the day is dropped."""
        return self.world.sql(self.database, f"select to_regclass('{self.partition}') is null") == "t"


def one_round(world: World, options: Options, figures: Figures, held: Round, jobs: int) -> None:
    """Jobs alone, then while the day is dropped, then while as many rows are deleted and vacuumed."""
    took = {"drop": 0.0, "delete": 0.0, "vacuum": 0.0}
    window = options.seconds

    def drop() -> None:
        started = time.monotonic()
        world.sql(held.database, DUE_NOW)
        until(held.is_gone, "the day is dropped", seconds=600, pause=0.1)
        took["drop"] = time.monotonic() - started
        time.sleep(max(0.0, window - took["drop"]))

    def delete() -> None:
        started = time.monotonic()
        world.sql(held.database, file=SQL / "plain_retention.sql")
        took["delete"] = time.monotonic() - started
        world.sql(held.database, "vacuum plain_jobs")
        took["vacuum"] = time.monotonic() - started - took["delete"]

    alone = held.phase(lambda: time.sleep(window))
    if world.counts_statements:
        world.sql(world.server, "select pg_stat_statements_reset()")
    dropped = held.phase(drop)
    longest(world, held.database, figures)
    deleted = held.phase(delete)
    if (left := world.sql(held.database, "select count(*) from plain_jobs")) != "0":
        message = f"{left} rows of the plain table were not deleted"
        raise RuntimeError(message)
    figures.note(f"{jobs:,} jobs in the day; {RATE} jobs a second meanwhile")
    figures.add("delete in batches, and vacuum", took["delete"] + took["vacuum"], "s")
    figures.add("vacuum alone", took["vacuum"], "s")
    figures.add("from the tick until the day is dropped", took["drop"], "s", "delete in batches, and vacuum")
    for name, phase in (("nothing else", alone), ("drop", dropped), ("delete", deleted)):
        for share in (0.5, 0.99, 1):
            measure = f"from insertion to claim: p{share * 100:.0f}"
            beside = () if phase is alone else (f"jobs beside nothing else, {measure}",)
            figures.add(f"jobs beside {name}, {measure}", percentile(phase.waits, share), "ms", *beside)
    for name, phase in (("delete", deleted), ("drop", dropped)):
        own = phase.postgres - alone.postgres / alone.seconds * phase.seconds
        figures.add(f"{name}: PostgreSQL beyond the jobs", own, "s of CPU")


def longest(world: World, database: str, figures: Figures) -> None:
    """How long the statement took that dropped the day, and the longest statement that may have waited for it."""
    if not world.counts_statements:
        figures.note("the time of the drop statement is not measured: this PostgreSQL lacks pg_stat_statements")
        return
    dropping, waiting = world.sql(world.server, LONGEST.format(database=database.rsplit("/", 1)[1])).split("\t")
    if float(dropping) == 0:
        message = "the statement that dropped the day was not counted"
        raise RuntimeError(message)
    figures.add("the drop statement", float(dropping), "ms")
    figures.add("longest statement on finished jobs meanwhile", float(waiting), "ms")


@contextmanager
def counting(world: World) -> Iterator[None]:
    """Lets PostgreSQL count statements, if it can."""
    if world.counts_statements:
        world.track("top")
    try:
        yield
    finally:
        if world.counts_statements:
            world.track("none")


@contextmanager
def steady(database: str) -> Iterator[None]:
    """Jobs that are written at a constant rate by others than the programs."""
    pgbench = ["pgbench", "-n", "-M", "prepared", "-c", str(WRITERS), "-j", "1", "-R", str(RATE), "-T", "36000"]
    command = ["setpriv", "--pdeathsig", "TERM", "--", *pgbench, "-f", str(SQL / "steady_job.sql"), database]
    writers = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        # The first of them may still be connecting.
        time.sleep(0.5)
        if writers.poll() is not None:
            message = f"pgbench ended with {writers.returncode}"
            raise RuntimeError(message)
        yield
    finally:
        writers.terminate()
        writers.wait()
