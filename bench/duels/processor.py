"""Processor time of processes, read from /proc, and the cores that they may use."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def stat(pid: int) -> list[str]:
    """Fields 3 (state) and on of /proc/PID/stat; empty if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def used(pid: int, with_children: bool = False) -> float:
    """Seconds used by a process and, if asked for, by those of its children that have ended."""
    fields = stat(pid)
    return sum(int(field) for field in fields[11 : 15 if with_children else 13]) / TICKS


def threads(pid: int) -> dict[int, int]:
    """Nanoseconds used by each thread of a process so far: `used` counts in hundredths of a second, too few for a turn of
    a second.
    """
    found = {}
    for path in Path(f"/proc/{pid}/task").iterdir():
        try:
            found[int(path.name)] = int((path / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            # The thread has ended meanwhile.
            continue
    if not found:
        message = "this kernel does not say how long each thread has run (/proc/PID/task/TID/schedstat)"
        raise RuntimeError(message)
    return found


def spent_since(before: dict[int, int], pid: int) -> float:
    """Seconds used by the threads of a process since `threads` said `before`."""
    return sum(now - before.get(thread, 0) for thread, now in threads(pid).items()) / 1e9


@contextmanager
def pinned_to(core: int) -> Iterator[None]:
    """Keeps this thread, and the threads and programs that it starts, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def first_and_last_core() -> tuple[int, int]:
    """A core for what is measured, and another one for the load, if there is one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[-1]


def postgres_processes(postmaster: int) -> list[int]:
    """The server's living child processes."""
    return [int(path.name) for path in Path("/proc").iterdir()
            if path.name.isdigit() and (stat(int(path.name)) or ["", "0"])[1] == str(postmaster)]


def waited() -> tuple[float, float]:
    """Seconds since the machine started: in which a thread waited for a core (0 if the kernel does not say), and that the
    host of a virtual machine kept from its cores, taken together.
    """
    pressure = Path("/proc/pressure/cpu")
    total = pressure.read_text().splitlines()[0].rsplit("total=", 1)[1] if pressure.exists() else "0"
    stolen = Path("/proc/stat").read_text().split(maxsplit=9)[8]
    return int(total) / 1e6, int(stolen) / TICKS


class Meter:
    """Processor time since it was made, in seconds."""

    def __init__(self, programs: list[int], postmaster: int, redis: int) -> None:
        """Starts counting."""
        self.programs, self.postmaster, self.redis_pid = programs, postmaster, redis
        self.started = time.monotonic()
        self.before = self.now()

    def now(self) -> tuple[float, float, float]:
        """Seconds used so far by the programs, by PostgreSQL with all its sessions, and by Redis."""
        # A session that ends meanwhile is counted among the ended children of the postmaster.
        sessions = sum(used(pid) for pid in postgres_processes(self.postmaster))
        return sum(used(pid) for pid in self.programs), sessions + used(self.postmaster, with_children=True), used(self.redis_pid)

    def spent(self) -> tuple[float, float, float, float]:
        """Seconds used by the programs, by PostgreSQL and by Redis, and seconds elapsed."""
        after = self.now()
        spent = [end - start for end, start in zip(after, self.before, strict=True)]
        return spent[0], spent[1], spent[2], time.monotonic() - self.started
