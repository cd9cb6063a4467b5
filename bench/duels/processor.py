"""Processor time of processes, read from /proc."""

import os
import time
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


def postgres_processes(postmaster: int) -> list[int]:
    """The server's living child processes."""
    return [int(path.name) for path in Path("/proc").iterdir()
            if path.name.isdigit() and (stat(int(path.name)) or ["", "0"])[1] == str(postmaster)]


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
