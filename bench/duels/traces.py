"""The cost of metrics and traces of the API: searches and bookings without a collector or scrapes, with metrics that
are scraped each second, and with 1 % and all of the traces exported.
"""

import http.client
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from duels.figures import Figures
from duels.load import wrk
from duels.sale import checked, sale_paths, useful
from duels.search import CLIENTS
from duels.setting import DAYS, Options, bodies, lines, measured, mix, popular, sold
from duels.world import KEY, World, free_port

OFF = "neither traces nor scrapes"
SCRAPED = "scraped each second"
SHARES = {"1 % of the traces": "0.01", "all traces": "1"}


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
def scraper(port: int) -> Iterator[list[int]]:
    """Requests the metrics every second, as Prometheus does; yields the sizes of the responses."""
    over, sizes = threading.Event(), []

    def scrape() -> None:
        while not over.wait(1):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/metrics")
            sizes.append(len(connection.getresponse().read()))
            connection.close()

    asking = threading.Thread(target=scrape)
    asking.start()
    try:
        yield sizes
    finally:
        over.set()
        asking.join()


def traces(world: World, options: Options, figures: Figures) -> None:
    """Four APIs on one database, measured in turn; each is first in another round. Compare the processor time per
    response, which varies less than the rate.
    """
    database = sold(world, "traces", options.scaled(50_000, 500), days=DAYS)
    paths = [lines(world, "traces.paths", popular(mix(world, database))), KEY]
    with ExitStack() as stack:
        collector = stack.enter_context(sink())
        port = free_port()
        apis = {OFF: stack.enter_context(world.api(database)),
                SCRAPED: stack.enter_context(world.api(database, METRICS_LISTEN=f"127.0.0.1:{port}"))}
        for name, share in SHARES.items():
            settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_TRACES_SAMPLER_ARG": share}
            apis[name] = stack.enter_context(world.api(database, **settings))
        scraped = stack.enter_context(scraper(port))
        offered = bodies(apis[OFF], sale_paths(world, database), options.scaled(2000, 400))
        posts = [lines(world, "traces.bookings", offered), KEY, "again"]
        for api in apis.values():
            wrk(api.url, "paths.lua", paths, CLIENTS, 1)
            wrk(api.url, "posts.lua", posts, CLIENTS, 1)
        names = list(apis)
        for number in range(options.rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                api = apis[name]
                beside = () if name == OFF else (f"search, {OFF}",)
                measured(world, api, figures, f"search, {name}", beside,
                         lambda api=api: wrk(api.url, "paths.lua", paths, CLIENTS, options.seconds), lambda found: found.rate)
                beside = () if name == OFF else (f"booking, {OFF}",)
                measured(world, api, figures, f"booking, {name}", beside,
                         lambda api=api: checked(wrk(api.url, "posts.lua", posts, CLIENTS, options.seconds), 201, figures), useful)
    if not Sink.received or not scraped:
        message = f"the collector got {Sink.received} bytes of spans; the API was scraped {len(scraped)} times"
        raise RuntimeError(message)
    figures.add("received by the collector", Sink.received / 1_000_000, "MB")
    figures.add("metrics of a scrape", scraped[-1] / 1000, "kB")
