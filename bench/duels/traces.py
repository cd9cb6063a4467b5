"""The cost of scrapes and traces of the API: searches and bookings in many short turns, each beside a turn without. The
metrics are recorded in all turns: no setting switches that off, and a profile says what it costs.
"""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from duels.figures import Figures
from duels.load import Saturation, wrk
from duels.processor import first_and_last_core, pinned_to, spent_since, threads
from duels.program import KEY, Server
from duels.sale import checked, sale_paths
from duels.search import CLIENTS
from duels.setting import DAYS, Options, bodies, lines, mix, popular, sold, warm
from duels.world import World, free_port

OFF = "neither traces nor scrapes"
SCRAPED = "scraped each second"
ALL = "all traces"
SHARES = {"1 % of the traces": "0.01", ALL: "1"}
# Seconds of a turn: short, because the speed of a machine changes within minutes, and neighbours are compared.
TURN = 1
# Milliseconds after which spans are exported, and the seconds after a turn in which they still are: the export
# belongs to the turn that made them. The standard's 5,000 ms would need longer pauses; more exports of fewer spans cost more.
EXPORT_DELAY = 500
AFTERWARDS = 0.7
# The offers that the bookings of a round are spread over, so that no bus is sold out.
OFFERS = 4000
# The tickets that are sold before, and more than a round sells.
TICKETS, MOST_BOOKINGS = 50_000, 8000


class Sink(BaseHTTPRequestHandler):
    """A collector that discards what it receives, and counts the bytes."""

    protocol_version = "HTTP/1.1"
    received = 0

    def do_POST(self) -> None:
        """Receives one batch of spans."""
        Sink.received += len(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@contextmanager
def sink() -> Iterator[str]:
    """The address of a running collector."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def scraped(port: int, seconds: float, sizes: list[int]) -> Iterator[None]:
    """Requests the metrics as Prometheus does, once for each turn of `seconds`; notes the sizes of the responses."""
    over = threading.Event()

    def scrape() -> None:
        pause = seconds / 2
        while not over.wait(pause):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/metrics")
            sizes.append(len(connection.getresponse().read()))
            connection.close()
            pause = seconds

    asking = threading.Thread(target=scrape)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()


@dataclass
class Bench:
    """The APIs, and the lengths of turns."""

    apis: dict[str, Server]
    without: dict[str, Server]
    running: list[Server]
    metrics: int
    seconds: float
    afterwards: float
    sizes: list[int]

    def turn(self, name: str, off: bool, arguments: tuple[str, list[str]], wanted: int, figures: Figures) -> tuple[float, float]:
        """One turn of an API: responses per second, and its milliseconds of processor time for each."""
        api, (script, told) = (self.without if off else self.apis)[name], arguments
        before = threads(api.pid)
        with ExitStack() as stack:
            if name == SCRAPED and not off:
                stack.enter_context(scraped(self.metrics, self.seconds, self.sizes))
            found = wrk(api.url, script, told, CLIENTS, self.seconds)
        time.sleep(self.afterwards)
        spent = spent_since(before, api.pid)
        answers = answered(found, wanted, figures)
        return answers / found.seconds, spent * 1000 / answers


def answered(found: Saturation, wanted: int, figures: Figures) -> int:
    """How many requests had the wanted effect."""
    if wanted != 200:
        return checked(found, wanted, figures).statuses[str(wanted)]
    if found.refused or not found.requests:
        message = f"of {found.requests} searches {found.refused} were not answered with 200"
        raise RuntimeError(message)
    return found.requests


def traces(world: World, options: Options, figures: Figures) -> None:
    """APIs on one database, all on one core; load, collector and scrapes are on another. Each setting has an API and one
    without it, which do the same work: an API that has served more is faster. They are started, and have their turns, one
    after the other, in either order in different rounds. Compare the processor time per response, with `--rounds` of 20 or
    more. `--seconds` is not used. Each round starts its own APIs: two processes of one program differ by some percent for
    as long as they live. What is scraped is an API without traces, whose turns without scrapes are the neighbours.
    """
    tickets = options.scaled(TICKETS + MOST_BOOKINGS * options.rounds, 500)
    copies = options.scaled(1 + tickets // 60_000, 1)
    database = sold(world, "traces", min(tickets, TICKETS), copies=copies, days=DAYS)
    paths = [lines(world, "traces.paths", popular(mix(world, database))), KEY]
    searches = sale_paths(world, database)
    own, other = first_and_last_core()
    sizes: list[int] = []
    with pinned_to(other), sink() as collector:
        for number in range(options.rounds):
            with ExitStack() as stack:
                bench = started(world, options, stack, Place(database, own, collector, sizes), number)
                posts = [lines(world, "traces.bookings", offers(bench.apis[SCRAPED], searches, options, number)), KEY, "again"]
                loads = {"search": (("paths.lua", paths), 200), "booking": (("posts.lua", posts), 201)}
                one_round(world, bench, figures, loads, number)
    if not Sink.received or not sizes:
        message = f"the collector got {Sink.received} bytes of spans; the API was scraped {len(sizes)} times"
        raise RuntimeError(message)
    figures.add("received by the collector", Sink.received / 1_000_000, "MB")
    figures.add("metrics of a scrape", sizes[-1] / 1000, "kB")


def one_round(world: World, bench: Bench, figures: Figures, loads: dict[str, tuple[tuple[str, list[str]], int]], number: int) -> None:
    """The turns of one life of the APIs."""
    for api in bench.running:
        for script, told in (arguments for arguments, _ in loads.values()):
            warm(world, api, script, told, CLIENTS)
    for kind, (arguments, wanted) in loads.items():
        for name, off in neighbours(number):
            rate, each = bench.turn(name, off, arguments, wanted, figures)
            note(figures, kind, name, off, rate, each)
    # It sends its last spans when it is asked to end.
    bench.apis[ALL].stop()


@dataclass
class Place:
    """Where the APIs run, and where they send their spans."""

    database: str
    core: int
    collector: str
    sizes: list[int]


def started(world: World, options: Options, stack: ExitStack, place: Place, number: int) -> Bench:
    """The APIs of a round on one core, in the order in which they were started."""
    metrics = free_port()
    scraped_api = stack.enter_context(world.api(place.database, core=place.core, METRICS_LISTEN=f"127.0.0.1:{metrics}"))
    apis, without, running = {SCRAPED: scraped_api}, {SCRAPED: scraped_api}, [scraped_api]
    for name, share in SHARES.items():
        exported = {"OTEL_EXPORTER_OTLP_ENDPOINT": place.collector, "OTEL_TRACES_SAMPLER_ARG": share,
                    "OTEL_BSP_SCHEDULE_DELAY": str(EXPORT_DELAY)}
        pair: list[tuple[dict[str, Server], dict[str, str]]] = [(apis, exported), (without, {})]
        # The first of two processes is some percent slower, even with the same settings.
        for side, settings in pair if number // 2 % 2 == 0 else reversed(pair):
            side[name] = stack.enter_context(world.api(place.database, core=place.core, **settings))
            running.append(side[name])
    seconds, afterwards = (0.3, 0) if options.is_quick else (TURN, AFTERWARDS)
    return Bench(apis, without, running, metrics, seconds, afterwards, place.sizes)


def offers(api: Server, searches: list[str], options: Options, number: int) -> list[str]:
    """Bookings of a round, on other offers than those of the rounds before: a token is valid for minutes only."""
    order = random.Random(number)
    found = bodies(api, order.sample(searches, len(searches)), options.scaled(OFFERS, 400))
    order.shuffle(found)
    return found


def neighbours(number: int) -> list[tuple[str, bool]]:
    """The turns of a round: each setting, and beside it the API without. Another setting is the first in each round."""
    names = [SCRAPED, *SHARES]
    first = number % len(names)
    pair = (True, False) if number % 2 == 0 else (False, True)
    return [(name, off) for name in names[first:] + names[:first] for off in pair]


def note(figures: Figures, kind: str, name: str, off: bool, rate: float, each: float) -> None:
    """Adds the figures of a turn."""
    without = f"{kind}, {OFF}, beside {name}"
    full = without if off else f"{kind}, {name}"
    figures.add(full, rate, "/s", *(() if off else (without,)))
    figures.add(f"{full}: API", each, "ms of CPU each", *(() if off else (f"{without}: API",)))
