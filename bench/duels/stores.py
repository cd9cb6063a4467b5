"""What is written or read in bulk: imports, reports, lists."""

import csv
import io
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from duels import feeds
from duels.figures import Figures
from duels.load import wrk
from duels.program import KEY, Program, Server, until
from duels.setting import Options, lines
from duels.world import ROOT, SQL, TIMES, World

TARIFF = ["--tariff", "EUR:2.00+0.055/km", "--shift-calendar"]


def archives(world: World, options: Options) -> dict[str, Path]:
    """The feeds to import: real ones of the folder --feeds, else one that is made from the demo."""
    if world.feeds:
        return {name: world.feeds / f"{name}.zip" for name in ("dbfv2019", "cfr")}
    folder = world.folder / "made" / "demo-karpaty"
    shutil.copytree(ROOT / "data" / "demo" / "demo-karpaty", folder)
    feeds.multiply(folder, options.scaled(40 * TIMES, 2))
    archive = world.folder / "made.zip"
    feeds.pack(folder, archive)
    return {"a feed made of the demo": archive}


def unpacked(world: World, archive: Path) -> list[Path]:
    """The files of a feed."""
    folder = world.folder / f"raw-{archive.stem}"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return sorted(folder.rglob("*.txt"))


def raw(files: list[Path]) -> str:
    """Statements that copy files into logged tables of text columns."""
    statements = []
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as text:
            header = next(csv.reader(text))
        columns = ", ".join(f'"{name.strip()}" text' for name in header)
        table = f'raw."{file.stem}"'
        statements += [f"create table {table} ({columns});", f"\\copy {table} from '{file}' csv header"]
    return "create schema raw;\n" + "\n".join(statements) + "\n"


def imports(world: World, options: Options, figures: Figures) -> None:
    """A new feed, and the same one again, beside COPY of its raw files and, on request, gtfs-via-postgres."""
    base = world.database("cities", world.migrated())
    world.admin(base, "import-cities", str(ROOT / "data" / "cities-europe-15000.csv"))
    for name, archive in archives(world, options).items():
        files = unpacked(world, archive)
        script = world.folder / "raw.sql"
        script.write_text(raw(files), encoding="utf-8")
        for _ in range(options.rounds):
            database = world.database("import", "cities")
            started = time.monotonic()
            world.sql(database, file=script)
            copied = f"{name}: COPY of the raw files"
            figures.add(copied, time.monotonic() - started, "s")
            beside = [copied]
            if options.all_yardsticks:
                beside.append(f"{name}: gtfs-via-postgres")
                figures.add(beside[-1], gtfs_via_postgres(world, files), "s")
            world.sql(database, "drop schema raw cascade")
            figures.add(f"{name}: import", world.admin(database, "import-gtfs", str(archive), *TARIFF), "s", *beside)
            figures.add(f"{name}: unchanged again", world.admin(database, "import-gtfs", str(archive), *TARIFF), "s", copied)
        found = world.sql(database, "select count(*) from trips t join feeds f on f.id = t.feed_id")
        figures.note(f"{name}: {found} trips are in the database")


def gtfs_via_postgres(world: World, files: list[Path]) -> float:
    """Seconds that gtfs-via-postgres takes for a feed; its rows are compared with those of the files."""
    database = world.database("yardstick")
    started = time.monotonic()
    program = world.yardsticks["gtfs-via-postgres"] / "node_modules" / "gtfs-via-postgres" / "cli.js"
    command = ["node", str(program), "--silent", "--ignore-unsupported", "--trips-without-shape-id", "--", *map(str, files)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as converter:
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", database], stdin=converter.stdout, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = time.monotonic() - started
    for table in ("trips", "stop_times"):
        file = next(file for file in files if file.stem == table)
        rows = sum(1 for _ in csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))) - 1
        stored = int(world.sql(database, f"select count(*) from {table}"))
        if converter.returncode or stored != rows:
            message = f"gtfs-via-postgres stored {stored} of {rows} {table}"
            raise RuntimeError(message)
    return took


REPORT = """
with report as (
    insert into reports (id, company_id, date_from, date_to, date_field, created_at, admitted_at)
    select gen_random_uuid(), id, '2026-01-01', '2026-12-31', 'createdAt', now(), now() from companies returning id
), named as (
    select id, 'rpt_' || replace(id::text, '-', '') as name from report
), job as (
    insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, created_at)
    select gen_random_uuid(), 'report', 'report_generate', jsonb_build_object('report_id', name), 'report:' || name, now(), 5, now()
    from named
)
select id from report
"""


# Seconds between two looks at a report that is measured. A look starts psql, which alone takes some 20 ms of a core, and a
# session, while the report needs every core. The time of a report is in the database, so a pause does not add to it.
PAUSE = 2


def report(world: World, options: Options, figures: Figures) -> None:
    """A report of two million orders, beside COPY of the worker's own query."""
    orders = options.scaled(2_000_000, 1000)
    database = world.database("report", world.migrated())
    world.sql(database, file=SQL / "orders.sql", orders=orders, days=options.scaled(365, 10))
    world.sql(database, "vacuum analyze")
    with world.program("scheduler", database), world.program("report_worker", database) as worker:
        text = asked_query(world, database, orders, worker)
    query = world.folder / "copy.sql"
    query.write_text(f"\\o /dev/null\n{text.removesuffix(' (format binary)')}\n", encoding="utf-8")
    if not text:
        figures.note("COPY is not measured: the report was over before its query could be read")
    copy = "COPY of the same query"
    with world.program("scheduler", database):
        for _ in range(options.rounds):
            if text:
                meter, started = world.meter(), time.monotonic()
                world.sql(database, file=query)
                figures.add(copy, time.monotonic() - started, "s")
                figures.add(f"{copy}: PostgreSQL", meter.spent()[1], "s of CPU")
            with world.program("report_worker", database) as worker:
                meter = world.meter(worker)
                seconds, size = one_report(world, database, orders, worker, 0.02 if options.is_quick else PAUSE)
                spent = meter.spent()
                figures.add("report", seconds, "s", copy)
                figures.add("report: PostgreSQL", spent[1], "s of CPU", f"{copy}: PostgreSQL")
                figures.add("report: worker", spent[0], "s of CPU")
                figures.add("most memory of the worker", worker.memory("VmHWM"), "MB")
                figures.add("size of the file", size / 1e6, "MB")


def asked_query(world: World, database: str, orders: int, worker: Program) -> str:
    """Makes a report that is not measured; the query of the worker, or nothing if it could not be read in time."""
    found = ""

    def look() -> None:
        nonlocal found
        if not found:
            found = world.sql(database, "select query from pg_stat_activity where query like 'copy (with places%' limit 1")

    one_report(world, database, orders, worker, 0.02, look)
    return found


def one_report(world: World, database: str, orders: int, worker: Program, pause: float,
               look: Callable[[], None] = lambda: None) -> tuple[float, int]:
    """Asks for a report as the product does, and waits for it: its seconds and bytes. `look` is called before each pause."""
    number = world.sql(database, REPORT)
    found: list[str] = []

    def is_over() -> bool:
        look()
        row = world.sql(database, "select status, extract(epoch from ended_at - started_at), row_count, size_bytes "
                                  f"from reports where id = '{number}' and ended_at is not null")
        found[:] = row.split("\t") if row else []
        return bool(found)

    until(is_over, "the report is made", worker, seconds=600, pause=pause)
    shutil.rmtree(world.folder / "files", ignore_errors=True)
    if found[0] != "Completed" or int(found[2]) != orders:
        message = f"the report is {found[0]} with {found[2]} rows"
        raise RuntimeError(message)
    return float(found[1]), int(found[3])


CLERK = ("clerk@example.com", "a-password-of-a-bench")


def lists(world: World, options: Options, figures: Figures) -> None:
    """Lists and single reads of a partner, and lists of a company, with 50,000, 200,000 and a million tickets."""
    fill = ROOT / "bench" / "lists" / "fill.sql"
    database = world.database("lists", world.migrated())
    sizes = [300, 600] if options.is_quick else [50_000, 200_000, 1_000_000]
    for size in sizes:
        world.sql(database, file=fill, tickets=size, days=options.scaled(360, 10))
        world.sql(database, "vacuum analyze")
        # The key that all duels send.
        world.sql(database, "insert into api_keys (id, partner_id, name, environment, hint, secret_hash, created_at) "
                            "select gen_random_uuid(), id, 'bench', 'local', 'pxs_local_111111', "
                            f"sha256('{KEY}'::bytea), now() from partners where slug = 'lists' on conflict do nothing")
        if size == sizes[0]:
            world.admin(database, "create-user", "--email", CLERK[0], "--first-name", "Bench", "--last-name", "Clerk",
                        "--password-stdin", "--access", "company:lists:ADMIN", "--by", "bench", said=f"{CLERK[1]}\n")
        one, day = world.sql(database, "select 'bkg_' || replace(id::text, '-', ''), departure_at::date from bookings "
                                       "order by id offset 100 limit 1").split("\t")
        of_partner = {"first page": "/v2/bookings?take=20", "page 50": "/v2/bookings?take=20&skip=1000",
                      "bookings of a day": f"/v2/bookings?take=20&departureDate={day}", "one booking": f"/v2/bookings/{one}"}
        with world.api(database) as api:
            # By turns, so that the session, which is renewed for each, outlives its lists.
            for _ in range(options.rounds):
                for name, path in of_partner.items():
                    read(world, api, options, figures, (name, path, f"{size:,} tickets", f"{sizes[0]:,} tickets"))
                cookies = api.sign_in(*CLERK)
                for name, path in of_company(world, database).items():
                    read(world, api, options, figures, (name, path, f"{size:,} tickets", f"{sizes[0]:,} tickets"), cookies)


def of_company(world: World, database: str) -> dict[str, str]:
    """The lists of a company's orders: all, in a state that most and one that few are in, of a route, and of a route in each
    of these states. `fill.sql` has ten routes."""
    route = world.sql(database, "select 'rte_' || replace(id::text, '-', '') from routes where slug = 'lists-0'")
    filters = {"all orders": "", "paid orders": "&status=Confirmed&paymentStatus=Paid", "canceled orders": "&status=Canceled",
               "orders of a route": f"&routeId={route}", "paid orders of a route": f"&routeId={route}&paymentStatus=Paid",
               "canceled orders of a route": f"&routeId={route}&status=Canceled"}
    return {name: f"/v2/orders?take=20{more}" for name, more in filters.items()}


def read(world: World, api: Server, options: Options, figures: Figures, case: tuple[str, str, str, str], cookies: str = "") -> None:
    """One round of a read, of the partner or else of the person with these cookies: latency to one client, and PostgreSQL's
    time."""
    name, path, size, first = case
    status, content = api.ask("GET", path, headers={"cookie": cookies} if cookies else None)
    if status != 200:
        message = f"GET {path}: {status} {content[:300]!r}"
        raise RuntimeError(message)
    meter = world.meter(api)
    credentials = ["", cookies] if cookies else [KEY]
    found = wrk(api.url, "paths.lua", [lines(world, "paths", [path]), *credentials], 1, options.seconds)
    spent = meter.spent()
    figures.add(f"{name}, {size}: p50", found.p50, "ms", f"{name}, {first}: p50")
    figures.add(f"{name}, {size}: PostgreSQL", spent[1] / found.requests * 1000, "ms of CPU each")
