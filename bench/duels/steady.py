"""What must not suffer: searches while timetables are published, sales as the platform grows, and memory."""

import shutil
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from duels.feeds import multiply
from duels.figures import Figures
from duels.load import constant, wrk
from duels.program import KEY, Program
from duels.sale import sale_paths
from duels.search import CLIENTS, constant_rate
from duels.setting import Options, bodies, key_headers, lines, measured, mix, popular, sold, warm
from duels.world import ROOT, World

SWAP_RATE = 500
# Seconds between two publications.
SWAP_PAUSE = 2


def swap(world: World, options: Options, figures: Figures) -> None:
    """Searches at 500 a second, without and with a new publication every few seconds."""
    database = sold(world, "swap", options.scaled(50_000, 500))
    every, rate = mix(world, database), options.scaled(SWAP_RATE, 20)
    # Two editions of one feed, imported in turns.
    editions = []
    for times in (1, 2):
        edition = world.folder / f"edition{times}" / "demo-wisla"
        shutil.copytree(ROOT / "data" / "demo" / "demo-wisla", edition)
        multiply(edition, times)
        editions.append(str(edition))
    with world.api(database) as api:
        warm(world, api, "paths.lua", [lines(world, "mix", every), KEY], 4)
        for _ in range(options.rounds):
            for name, is_published in (("without", False), ("with", True)):
                over, published = threading.Event(), [0]

                def publish(over: threading.Event = over, published: list[int] = published) -> None:
                    while not over.wait(options.scaled(SWAP_PAUSE, 1) / 2):
                        edition = editions[published[0] % 2]
                        world.admin(database, "import-gtfs", edition, "--shift-calendar", "--vehicles",
                                    str(ROOT / "data" / "demo" / "vehicles.csv"))
                        published[0] += 1

                publisher = threading.Thread(target=publish)
                if is_published:
                    publisher.start()
                found = constant_rate(world, api, every, rate, max(options.seconds, options.scaled(5, 1)))
                over.set()
                if is_published:
                    publisher.join()
                    figures.add("publications meanwhile", published[0], "")
                figures.add(f"searches at {rate}/s {name} publications: p99 of the worst second", found.worst_second(), "ms",
                            f"searches at {rate}/s without publications: p99 of the worst second")
                figures.add(f"searches at {rate}/s {name} publications: answered with 200", found.share_of(200) * 100, "%")


def growth(world: World, options: Options, figures: Figures) -> None:
    """Searches and sales as tickets and departures grow: 1, 4 and 16 times the tickets, 1, 2 and 4 times the departures."""
    copies = options.scaled(8, 1)
    sizes = [(1, 50_000, copies), (4, 200_000, 2 * copies), (16, 800_000, 4 * copies)]
    if options.is_quick:
        sizes = [(1, 300, 1), (4, 600, 2)]
    databases = {}
    for size, tickets, copied in sizes:
        databases[size] = database = sold(world, f"growth{size}", tickets, paid=0.5, copies=copied, days=40)
        departures = world.sql(database, "select sum(cardinality(days)) from trips t join services s on s.id = t.service_id")
        figures.note(f"{size}x: {tickets:,} tickets, {int(departures):,} dated departures")
    part = options.scaled(1500 * options.seconds, 30)
    for _ in range(options.rounds):
        for size, database in databases.items():
            with world.api(database) as api:
                figures.add(f"{size}x: API after its start", api.memory(), "MB")
                searches = [lines(world, "paths", popular(mix(world, database))), KEY]
                warm(world, api, "paths.lua", searches, CLIENTS)
                measured(world, api, figures, f"{size}x: search", ("1x: search",),
                         lambda api=api, searches=searches: wrk(api.url, "paths.lua", searches, CLIENTS, options.seconds),
                         lambda found: found.rate)
                posts = [lines(world, "bookings", bodies(api, sale_paths(world, database), options.scaled(2000, 40))), KEY, "again"]
                measured(world, api, figures, f"{size}x: booking", ("1x: booking",),
                         lambda api=api, posts=posts: wrk(api.url, "posts.lua", posts, CLIENTS, options.seconds),
                         lambda found: found.rate_of(201))
                unpaid = world.sql(database, "select 'bkg_' || replace(booking_id::text, '-', '') from tickets where payment_status = 'Unpaid' "
                                             f"and status = 'Processing' order by id desc limit {part}").splitlines()
                pay = [lines(world, "changes", [f"/v2/bookings/{booking}/pay\t{{}}" for booking in unpaid]), KEY, "once"]
                measured(world, api, figures, f"{size}x: pay", ("1x: pay",),
                         lambda api=api, pay=pay: wrk(api.url, "posts.lua", pay, CLIENTS, options.seconds), lambda found: found.rate_of(200))


def idle(world: World, options: Options, figures: Figures) -> None:
    """What the whole platform spends without any request."""
    database = sold(world, "idle", options.scaled(50_000, 500))
    # What the filling left to be vacuumed, analysed and written is not the platform's doing.
    world.sql(database, "vacuum analyze")
    world.sql(database, "checkpoint")
    names = ["scheduler", "email_worker", "viber_worker", "sweep_worker", "report_worker", "geo_worker", "timetable_worker"]
    seconds = options.scaled(30, 1)
    with ExitStack() as stack:
        programs: dict[str, Program] = {"api": stack.enter_context(world.api(database))}
        programs |= {name: stack.enter_context(world.program(name, database, **MESSAGES)) for name in names}
        # Everything has said that it lives, and nothing is left of the start.
        time.sleep(options.scaled(10, 1))
        for _ in range(options.rounds):
            spend(world, database, programs, seconds, figures)


MESSAGES = {"SMTP_URL": "smtp://127.0.0.1:9", "MAIL_FROM": "PREXSELL <tickets@prexsell.example>", "VIBER_URL": "http://127.0.0.1:9",
            "VIBER_TOKEN": "none"}


def spend(world: World, database: str, programs: dict[str, Program], seconds: int, figures: Figures) -> None:
    """One round of doing nothing."""
    meters = {name: world.meter(program) for name, program in programs.items()}
    asked = transactions(world, database)
    time.sleep(seconds)
    spent = {name: meter.spent() for name, meter in meters.items()}
    for name, (own, postgres, redis, clock) in spent.items():
        if programs[name].process.poll() is not None:
            message = f"{name} has ended: {programs[name].log.read_text()[-1000:]}"
            raise RuntimeError(message)
        figures.add(f"idle {name}", own / clock * 100, "% of a core")
    figures.add("idle PostgreSQL", postgres / clock * 100, "% of a core")
    figures.add("idle Redis", redis / clock * 100, "% of a core")
    figures.add("idle transactions", (transactions(world, database) - asked) / clock, "/s")


def transactions(world: World, database: str) -> int:
    """Transactions of a database so far."""
    return int(world.sql(database, "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()"))


def memory(world: World, options: Options, figures: Figures) -> None:
    """The API's memory while it answers 300 searches a second for --minutes, noted every minute."""
    database = sold(world, "memory", options.scaled(50_000, 500))
    every = mix(world, database)
    with world.api(database) as api:
        urls = lines(world, "urls", [api.url + path for path in every])
        figures.add("memory after the start", api.memory(), "MB")
        for _ in range(options.scaled(options.minutes, 1)):
            found = constant(Path(urls), key_headers(), options.scaled(300, 20), options.scaled(60, 1))
            figures.add("memory after each minute", api.memory(), "MB")
            figures.add("answered with 200", found.share_of(200) * 100, "%")
        figures.add("most memory", api.memory("VmHWM"), "MB")
