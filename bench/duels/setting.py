"""What several duels need: sold tickets, paths and offers to request, and counts of the queries of a request."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from duels.figures import Figures
from duels.load import Saturation, wrk
from duels.program import KEY, Server
from duels.world import SQL, World

# The pairs used where all responses should be alike (sql/mix.sql).
POPULAR = ("departureCity=moabit", "departureCity=kyiv")
# Days on which the offers of a sale are.
DAYS = 40


@dataclass
class Options:
    """The arguments of `./dev bench`."""

    seconds: float
    rounds: int
    is_quick: bool
    beside: Path | None
    minutes: int
    all_yardsticks: bool

    def scaled(self, full: int, quick: int) -> int:
        """A size, or the one that replaces it in a quick run."""
        return quick if self.is_quick else full

    @property
    def second(self) -> float:
        """The length of a load that is not measured but counted, or that must only happen."""
        return min(1, self.seconds)


def sold(world: World, name: str, tickets: int, paid: float = 0.9, copies: int = 1, days: int = 10) -> str:
    """A separate database in which `tickets` tickets are sold, or fewer if there are not enough departures. In a quick run
    duels that ask for the same get copies of one.
    """
    if not world.is_quick:
        return filled(world, name, tickets, paid, copies, days)
    asked = (tickets, paid, copies, days)
    if asked not in world.sold:
        template = f"sold{len(world.sold)}"
        filled(world, template, tickets, paid, copies, days)
        world.sold[asked] = template
    return world.database(name, world.sold[asked])


def filled(world: World, name: str, tickets: int, paid: float, copies: int, days: int) -> str:
    """A new database in which tickets are sold."""
    database = world.database(name, world.base(copies))
    share = 0.2 if world.feeds and days <= 10 else 1
    count = int(world.sql(database, file=SQL / "sold.sql", tickets=tickets, paid=paid, share=share, days=days))
    if count < tickets * 0.8 and not world.is_quick:
        message = f"only {count} of {tickets} tickets could be sold"
        raise RuntimeError(message)
    return database


def mix(world: World, database: str) -> list[str]:
    """Paths of searches: half for offers, half for the schedule."""
    return world.sql(database, file=SQL / "mix.sql").splitlines()


def popular(paths: list[str]) -> list[str]:
    """The paths for offers of the pairs with the most departures: responses of about one size."""
    chosen = [path for path in paths if path.startswith("/v2/offers?")]
    for pair in POPULAR:
        if found := sorted({path for path in chosen if pair in path}):
            return found
    return sorted(set(chosen))


def lines(world: World, name: str, content: list[str]) -> str:
    """Writes a file for a load generator, and returns its path."""
    file = world.folder / name
    file.write_text("".join(f"{line}\n" for line in content), encoding="utf-8")
    return str(file)


def typical(api: Server, paths: list[str]) -> bytes:
    """The response whose size is nearest to the mean."""
    answers = [api.ask("GET", path)[1] for path in paths[:50]]
    mean = sum(len(answer) for answer in answers) / len(answers)
    return min(answers, key=lambda answer: abs(len(answer) - mean))


def warm(world: World, api: Server, script: str, arguments: list[str], clients: int, seconds: int = 1) -> None:
    """A load before the first round, so that caches are filled and plans are made. A quick run measures nothing."""
    if not world.is_quick:
        wrk(api.url, script, arguments, clients, seconds)


def hello_rates(world: World, figures: Figures, body: bytes, clients: int, seconds: float, name: str) -> None:
    """One round of both HTTP yardsticks."""
    path = [lines(world, "hello.paths", ["/"])]
    for coding, content, text in (("packed", gzip.compress(body, 1), "compressed beforehand"), ("live", body, "compressing live")):
        with world.hello(content, "application/json; charset=utf-8", coding) as hello:
            figures.add(f"{name}hello-world, {text}", wrk(hello.url, "paths.lua", path, clients, seconds).rate, "/s")


def measured(world: World, api: Server, figures: Figures, name: str, beside: tuple[str, ...], load: Callable[[], Saturation],
             rate_of: Callable[[Saturation], float]) -> None:
    """One round of a load on the API: its rate, and the processor time of each part per response, which
    is steadier. Both are compared with the same figures of others.
    """
    meter = world.meter(api)
    outcome = load()
    spent = meter.spent()
    rate = rate_of(outcome)
    figures.add(name, rate, "/s", *beside)
    answers = max(1.0, rate * spent[3])
    for part, seconds in zip(("API", "PostgreSQL", "Redis"), spent[:3], strict=True):
        figures.add(f"{name}: {part}", seconds / answers * 1000, "ms of CPU each", *(f"{other}: {part}" for other in beside))


def redis_reads(world: World) -> int:
    """How often Redis has read from a client: a pipeline is one round trip."""
    with socket.create_connection(("127.0.0.1", world.redis_port)) as connection:
        connection.sendall(b"INFO stats\r\n")
        answer = b""
        while b"total_reads_processed:" not in answer or not answer.endswith(b"\r\n"):
            answer += connection.recv(65536)
    return next(int(line.split(b":")[1]) for line in answer.splitlines() if line.startswith(b"total_reads_processed:"))


@contextmanager
def counted(world: World, database: str, figures: Figures, name: str) -> Iterator[Callable[[int], None]]:
    """Counts the queries and round trips of some requests. Not in the rounds, since counting takes time."""
    asked = [0]

    def tell(requests: int) -> None:
        asked[0] = requests

    if world.counts_statements:
        world.track("top")
        world.sql(world.server, "select pg_stat_statements_reset()")
    reads = redis_reads(world)
    yield tell
    # One read is this query itself.
    figures.add(f"{name}: Redis round trips", (redis_reads(world) - reads - 1) / max(1, asked[0]), "a request")
    if not world.counts_statements:
        figures.note("statements are not counted: this PostgreSQL lacks pg_stat_statements")
        return
    database_name = database.rsplit("/", 1)[1]
    found = world.sql(world.server, "select coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0) from pg_stat_statements "
                                f"where dbid = (select oid from pg_database where datname = '{database_name}')")
    calls, milliseconds = found.split("\t")
    world.track("none")
    figures.add(f"{name}: statements", int(calls) / max(1, asked[0]), "a request")
    figures.add(f"{name}: in statements", float(milliseconds) / max(1, asked[0]), "ms a request")


def bodies(api: Server, paths: list[str], enough: int) -> list[str]:
    """Bookings of one passenger on the offers that searches find, at most one on each: lines for posts.lua."""
    made: list[str] = []
    for path in paths:
        for offer in api.json(path)["data"]["offers"]:
            body = booking(offer, len(made))
            if body:
                made.append(f"/v2/bookings\t{body}")
        if len(made) >= enough:
            break
    if not made:
        message = "no search finds an offer"
        raise RuntimeError(message)
    return made


def booking(offer: dict, number: int) -> str | None:
    """The body of a booking on an offer; `None` if the offer cannot be booked."""
    if not offer.get("id") or not offer.get("prices"):
        return None
    passenger = {"firstName": "Olena", "lastName": f"Bench{chr(97 + number % 26)}", "email": "olena@example.com",
                 "phones": [{"phone": "+380671234567", "messengers": ["Viber"]}]}
    body = {"offerId": offer["id"], "currency": offer["prices"][0]["currency"], "passengers": [passenger]}
    return json.dumps(body, separators=(",", ":"))


def key_headers() -> dict[str, str]:
    """The headers that a partner sends."""
    return {"x-api-key": KEY}
