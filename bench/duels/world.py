"""The private servers of a run, and the platform's processes on them. `./dev bench` has started PostgreSQL; everything
that is started here ends with this process."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duels import feeds
from duels.load import run
from duels.processor import Meter
from duels.program import KEY, Program, Server, until

ROOT = Path(__file__).resolve().parents[2]
SQL = ROOT / "bench" / "sql"
# The demo's companies have buses of their own; trips of each a day, so that a search finds about 25 offers.
TIMES = 12
UNLIMITED = "catalogue=1000000/10 search=1000000/10 read=1000000/10 write=1000000/10"
SECRET = "0123456789abcdef" * 4


def free_port() -> int:
    """A port that is free at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def redis_command(port: int, folder: Path, *options: str) -> list[str]:
    """What starts a Redis that saves no snapshots."""
    return ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder), *options]


def redis_says(port: int, question: str) -> str:
    """The first line of a Redis' answer, `+PONG` or `:3`; nothing while there is no Redis."""
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection, connection.makefile("rwb") as stream:
            stream.write(f"{question}\r\n".encode())
            stream.flush()
            return stream.readline().decode().strip()
    except OSError:
        return ""


UNTIL = """
do $until$ begin
    perform set_config('enable_seqscan', 'off', false);
    for look in 1..{looks} loop
        if {condition} then return; end if;
        commit;
        perform pg_sleep(0.05);
        commit;
    end loop;
    raise exception 'not in time';
end $until$
"""


class World:
    """Where a run happens: a folder that is removed afterwards, PostgreSQL, Redis, and the built programs."""

    def __init__(self, programs: Path, is_quick: bool, feeds_folder: Path | None, yardsticks: dict[str, Path]) -> None:
        """Starts Redis."""
        self.programs, self.is_quick, self.feeds, self.yardsticks = programs, is_quick, feeds_folder, yardsticks
        self.folder = Path(os.environ["BENCH_FOLDER"])
        self.server = os.environ["BENCH_SERVER"]
        self.postmaster = int(os.environ["BENCH_POSTMASTER"])
        self.counts_statements = os.environ["BENCH_STATEMENTS"] == "1"
        self.redis_port = free_port()
        self.redis = Program(redis_command(self.redis_port, self.folder), dict(os.environ), self.folder / "redis.log")
        if self.counts_statements:
            self.sql(self.server, "create extension pg_stat_statements schema public")
            self.track("none")
        self.made: set[str] = set()
        self.schema = ""
        self.bases: dict[int, str] = {}
        # What a quick run has sold, by the arguments of `setting.sold`.
        self.sold: dict[tuple[float, ...], str] = {}

    def track(self, what: str) -> None:
        """Which statements PostgreSQL counts: `top` or `none`."""
        self.sql(self.server, f"alter system set pg_stat_statements.track = {what}")
        self.sql(self.server, "select pg_reload_conf()")
        until(lambda: self.sql(self.server, "show pg_stat_statements.track") == what, "the setting is read again", seconds=10)

    def settings(self, database: str) -> dict[str, str]:
        """The environment of every process of the platform."""
        return dict(os.environ) | {
            "DATABASE_URL": database, "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/", "ENVIRONMENT": "local",
            "LOG": "warn,sqlx::query=error", "SHUTDOWN_DELAY_SECONDS": "0", "OFFER_SECRET": SECRET, "SESSION_SECRET": SECRET,
            "LINK_SECRET": SECRET, "VAULT_KEY": SECRET, "STORAGE_URL": f"file://{self.folder}/files", "API_KEY": KEY,
            "API_KEY_2": KEY.replace("1", "2"), "BACKOFFICE_EMAIL": "bench@example.com", "PARTNER_EMAIL": "partner@example.com",
            "OPS_EMAIL": "ops@example.com", "OPS_PASSWORD": "a-password-of-a-bench",
            "BACKOFFICE_PASSWORD": "a-password-of-a-bench", "PARTNER_PASSWORD": "a-password-of-a-bench",
            "COOKIE_SECURE": "false",
        }

    def sql(self, database: str, text: str | None = None, file: Path | None = None, **variables: object) -> str:
        """What psql prints: rows as lines, columns with tabs between."""
        command = ["psql", "-qAtX", "-F", "\t", "-v", "ON_ERROR_STOP=1", database]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        return run(command + (["-c", text] if text is not None else ["-f", str(file)])).rstrip("\n")

    def until(self, database: str, condition: str, what: str, seconds: float = 120) -> None:
        """Waits until an SQL condition is true. One session looks twenty times a second, each time with a new snapshot: a new
        psql for each look would take a large part of a core while the database is measured.
        """
        try:
            self.sql(database, UNTIL.format(looks=int(seconds * 20), condition=condition))
        except RuntimeError as error:
            message = f"not so: {what}"
            raise RuntimeError(message) from error

    def database(self, name: str, template: str = "template1") -> str:
        """A database of this name, made anew as a copy of another."""
        if name in self.made:
            self.sql(self.server, f'drop database "{name}" with (force)')
        self.sql(self.server, f'create database "{name}" template "{template}"')
        self.made.add(name)
        return self.server.rsplit("/", 1)[0] + "/" + name

    def admin(self, database: str, *arguments: str, programs: Path | None = None, said: str = "") -> float:
        """Runs the admin command line, with `said` as its standard input; the seconds that it took."""
        started = time.monotonic()
        done = subprocess.run([str((programs or self.programs) / "admin"), *arguments], env=self.settings(database), capture_output=True,
                              text=True, check=False, input=said)
        if done.returncode:
            message = f"admin {' '.join(arguments)}: {done.stderr[-2000:]}"
            raise RuntimeError(message)
        return time.monotonic() - started

    def migrated(self) -> str:
        """The name of a database with the schema and nothing else, to make copies of. Made once a run."""
        if not self.schema:
            self.admin(self.database("migrated"), "migrate")
            self.schema = "migrated"
        return self.schema

    def base(self, copies: int = 1) -> str:
        """The name of a database with cities, timetables, partners and keys, and nothing sold. Made once a run."""
        if copies not in self.bases:
            name = f"base{copies}"
            database = self.database(name, self.migrated())
            folder = self.folder / f"demo{copies}"
            feeds.demo(ROOT / "data" / "demo", folder, copies, 2 if self.is_quick else TIMES)
            self.admin(database, "seed-demo", "--data", str(folder), "--cities", str(ROOT / "data" / "cities-europe-15000.csv"))
            for key in ["dbfv2019", "cfr", "cfr_intl"] if self.feeds else []:
                self.admin(database, "import-gtfs", f"{self.feeds}/{key}.zip", "--tariff", "EUR:2.00+0.055/km", "--shift-calendar")
            self.sql(database, "vacuum analyze")
            self.bases[copies] = name
        return self.bases[copies]

    def end(self, program: Program) -> None:
        """Ends a program. A quick run does not wait for an orderly end, which would take half of its time."""
        if self.is_quick:
            program.kill()
        else:
            program.stop()

    @contextmanager
    def api(self, database: str, programs: Path | None = None, core: int | None = None, **settings: str) -> Iterator[Server]:
        """The API on a database, without rate limits by default, on one core if one is given."""
        port = free_port()
        pinned = [] if core is None else ["taskset", "--cpu-list", str(core)]
        env = self.settings(database) | {"RATE_LIMITS_STANDARD": UNLIMITED, "RATE_LIMITS_ADDRESS": UNLIMITED}
        env |= settings | {"LISTEN": f"127.0.0.1:{port}"}
        command = [*pinned, str((programs or self.programs) / "api")]
        server = Server(command, env, self.folder / "api.log", port, "/readyz")
        try:
            yield server
        finally:
            self.end(server)

    @contextmanager
    def program(self, name: str, database: str, **settings: str) -> Iterator[Program]:
        """A scheduler or a worker on a database."""
        env = self.settings(database) | settings | {"HEALTH_LISTEN": f"127.0.0.1:{free_port()}"}
        program = Program([str(self.programs / name)], env, self.folder / f"{name}.log")
        try:
            yield program
        finally:
            self.end(program)

    @contextmanager
    def ready(self, name: str, database: str, *arguments: str, **settings: str) -> Iterator[Server]:
        """The same once it says that it is ready."""
        port = free_port()
        env = self.settings(database) | settings | {"HEALTH_LISTEN": f"127.0.0.1:{port}"}
        log = self.folder / f"{name.replace('/', '.')}.log"
        server = Server([str(self.programs / name), *arguments], env, log, port, "/readyz")
        try:
            yield server
        finally:
            self.end(server)

    @contextmanager
    def redis_beside(self, *options: str) -> Iterator[int]:
        """The port of one more Redis, empty and with options of its own."""
        port = free_port()
        folder = self.folder / f"redis.{port}"
        folder.mkdir()
        redis = Program(redis_command(port, folder, *options), dict(os.environ), folder / "log")
        try:
            until(lambda: redis_says(port, "PING") == "+PONG", "Redis is ready", redis, seconds=10)
            yield port
        finally:
            redis.stop()
            shutil.rmtree(folder)

    @contextmanager
    def hello(self, body: bytes, content_type: str, coding: str) -> Iterator[Server]:
        """The yardstick of HTTP: one body, sent as it is, already compressed, or compressed each time."""
        file, port = self.folder / f"hello.{coding}", free_port()
        file.write_bytes(body)
        command = [str(self.programs / "hello"), f"127.0.0.1:{port}", str(file), content_type, coding]
        server = Server(command, dict(os.environ), self.folder / "hello.log", port, "/")
        try:
            yield server
        finally:
            self.end(server)

    def meter(self, *programs: Program) -> Meter:
        """Counts the processor time of some programs, PostgreSQL and Redis from now on."""
        return Meter([program.pid for program in programs], self.postmaster, self.redis.pid)
