"""What exported spans cost: searches and bookings without a collector, and with 1 % and all of the traces exported."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from duels.figures import Figures
from duels.load import wrk
from duels.sale import checked, sale_paths, useful
from duels.search import CLIENTS
from duels.setting import DAYS, Options, bodies, lines, measured, mix, popular, sold
from duels.world import KEY, World

OFF = "off"
SHARES = {"1 %": "0.01", "100 %": "1"}


class Sink(BaseHTTPRequestHandler):
    """A collector that reads what it gets, and keeps only how much that was."""

    protocol_version = "HTTP/1.1"
    received = 0

    def do_POST(self) -> None:
        """Takes one batch of spans."""
        Sink.received += len(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


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


def traces(world: World, options: Options, figures: Figures) -> None:
    """Three APIs on one database, asked in turns; each is the first in another round."""
    database = sold(world, "traces", options.scaled(50_000, 500), days=DAYS)
    paths = [lines(world, "traces.paths", popular(mix(world, database))), KEY]
    with ExitStack() as stack:
        collector = stack.enter_context(sink())
        apis = {OFF: stack.enter_context(world.api(database))}
        for name, share in SHARES.items():
            settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_TRACES_SAMPLER_ARG": share}
            apis[name] = stack.enter_context(world.api(database, **settings))
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
                beside = () if name == OFF else (f"search, traces {OFF}",)
                measured(world, api, figures, f"search, traces {name}", beside,
                         lambda api=api: wrk(api.url, "paths.lua", paths, CLIENTS, options.seconds), lambda found: found.rate)
                beside = () if name == OFF else (f"booking, traces {OFF}",)
                measured(world, api, figures, f"booking, traces {name}", beside,
                         lambda api=api: checked(wrk(api.url, "posts.lua", posts, CLIENTS, options.seconds), 201, figures), useful)
    if not Sink.received:
        message = "the collector got no span"
        raise RuntimeError(message)
    figures.add("received by the collector", Sink.received / 1_000_000, "MB")
