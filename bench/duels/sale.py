"""Sales: booking, pay, book, cancel beside pgbench with the ideal statements; many buyers on one bus."""

from dataclasses import dataclass

from duels.figures import Figures
from duels.load import Saturation, oha, pgbench, wrk
from duels.program import KEY, Server
from duels.setting import DAYS, Options, bodies, booking, counted, key_headers, lines, measured, mix, popular, sold, warm
from duels.world import SQL, World

CLIENTS = 32
# The ideal has as many connections as the API.
CONNECTIONS = 10
# More than any of our machines makes in a second.
MOST_CHANGES = 1500


@dataclass
class Change:
    """An action on tickets, and the payment status and event that it leaves."""

    action: str
    payment: str
    event: str


# Each round of the ideal sells the seats after those of the round before.
TAKEN = ("update ideal.departures i set taken = (select max(h.seat) from seat_holds h "
         "where (h.trip_id, h.service_day) = (i.trip_id, i.service_day))")

CHANGES = [Change("pay", "Paid", "paid"), Change("book", "Booked", "booked"), Change("cancel", "", "")]


def useful(found: Saturation) -> float:
    """Sales and changes that succeeded, per second."""
    return found.rate_of(201) + found.rate_of(200)


def sale(world: World, options: Options, figures: Figures) -> None:
    """Each action with 32 clients, alternating with its ideal."""
    seconds, rounds = options.seconds, options.rounds
    # The tickets are divided among actions and rounds, with one part more for warming up and one for counting.
    part = options.scaled(MOST_CHANGES * seconds, 150)
    tickets = part * (len(CHANGES) * (rounds + 1) + 1)
    copies = options.scaled(1 + tickets // 60_000, 1)
    database = sold(world, "sale", tickets, paid=0, copies=copies, days=DAYS)
    ideal = world.database("ideal", "sale")
    world.sql(ideal, file=SQL / "ideal" / "prepare.sql")
    departures = int(world.sql(ideal, "select count(*) from ideal.departures"))
    unpaid = world.sql(database, "select 'bkg_' || replace(booking_id::text, '-', '') from tickets "
                                 "where payment_status = 'Unpaid' order by id").splitlines()
    variables: dict[str, int | str] = {"number": 0, "clients": CONNECTIONS}
    with world.api(database) as api:
        offered = bodies(api, sale_paths(world, database), options.scaled(2000, 400))
        posts = [lines(world, "bookings", offered), KEY, "again"]
        warm(world, api, "posts.lua", posts, CLIENTS)
        for name, more in (("booking", []), ("booking with Idempotency-Key", ["keyed"])):
            with counted(world, database, figures, name) as tell:
                tell(wrk(api.url, "posts.lua", posts + more, CLIENTS, options.second).statuses.get("201", 0))
        for number in range(rounds):
            ideals = {**variables, "departures": departures, "round": (number + 1) * 10_000_000}
            world.sql(ideal, TAKEN)
            figures.add("ideal booking", pgbench(ideal, SQL / "ideal" / "create.sql", CONNECTIONS, seconds, ideals), "/s")
            # Each kind is first in every other round, since the buses are emptier for the first one.
            kinds: list[tuple[str, list[str]]] = [("booking", []), ("booking with Idempotency-Key", ["keyed"])]
            for name, more in kinds if number % 2 == 0 else reversed(kinds):
                measured(world, api, figures, name, ("ideal booking",),
                         lambda more=more: checked(wrk(api.url, "posts.lua", posts + more, CLIENTS, seconds), 201, figures), useful)
        for place, change in enumerate(CHANGES):
            own = unpaid[place::len(CHANGES)]
            with counted(world, database, figures, change.action) as tell:
                tell(act(world, api, change, own[: part // 8], options.second, figures).statuses.get("200", 0))
            for number in range(rounds):
                script = SQL / "ideal" / ("cancel.sql" if change.action == "cancel" else "change.sql")
                ideals = {**variables, "tickets": len(unpaid), "first": (place * rounds + number) * part}
                extra: dict[str, int | str] = {} if change.action == "cancel" else {"payment": change.payment, "event": change.event}
                figures.add(f"ideal {change.action}", pgbench(ideal, script, CONNECTIONS, seconds, ideals | extra), "/s")
                mine = own[part // 8 + number * part :][:part]
                measured(world, api, figures, change.action, (f"ideal {change.action}",),
                         lambda change=change, mine=mine: act(world, api, change, mine, seconds, figures), useful)


def sale_paths(world: World, database: str) -> list[str]:
    """Searches for one passenger whose offers lie on many departures."""
    paths = [path for path in mix(world, database) if path.startswith("/v2/offers?")]
    return sorted({path.rsplit("=", 1)[0] + "=1" for path in paths})


def act(world: World, api: Server, change: Change, bookings: list[str], seconds: float, figures: Figures) -> Saturation:
    """Changes bookings, each once."""
    posts = lines(world, "changes", [f"/v2/bookings/{number}/{change.action}\t{{}}" for number in bookings])
    return checked(wrk(api.url, "posts.lua", [posts, KEY, "once"], CLIENTS, seconds), 200, figures)


def checked(found: Saturation, wanted: int, figures: Figures) -> Saturation:
    """Returns the load if at least nine in ten requests had the wanted effect."""
    # 404 means that nothing was left to change.
    other = {status: count for status, count in found.statuses.items() if status not in {str(wanted), "404"}}
    if found.statuses.get(str(wanted), 0) < 9 * sum(other.values()):
        message = f"of {found.requests} requests too few were answered with {wanted}: {found.statuses}"
        raise RuntimeError(message)
    if other:
        figures.note(f"answers that were not {wanted}: {other}")
    return found


def on_sale(world: World, options: Options, figures: Figures) -> None:
    """Many sockets at once ask for a seat on one bus of 50 or 500; then the full bus refuses all further requests."""
    for seats in (50, options.scaled(500, 100)):
        for _ in range(options.rounds):
            database = world.database("onsale", world.base())
            world.sql(database, "alter table buses drop constraint buses_seats_check")
            world.sql(database, f"update buses set seats = {seats}")
            with world.api(database) as api:
                crowd(world, api, database, options, figures, seats)


def crowd(world: World, api: Server, database: str, options: Options, figures: Figures, seats: int) -> None:
    """One bus goes on sale."""
    buyers = options.scaled(5000, 200)
    offers = api.json(popular(sale_paths(world, database))[-1])["data"]["offers"]
    body = next(text for offer in offers if (text := booking(offer, 0)))
    (world.folder / "body").write_text(body)
    answers = oha(["-n", str(buyers), "-c", str(buyers), "-m", "POST", "-T", "application/json", "-D", str(world.folder / "body"),
                   f"{api.url}/v2/bookings"], key_headers())
    name = f"{buyers} buyers, {seats} seats"
    sold_at = [answer.sent + answer.latency for answer in answers if answer.status == 201]
    if not sold_at:
        message = f"nobody got a seat: {sorted({answer.status for answer in answers})}"
        raise RuntimeError(message)
    taken = int(world.sql(database, "select count(*) from seat_holds"))
    figures.add(f"{name}: sold", len(sold_at), "seats")
    figures.add(f"{name}: held in the database", taken, "seats")
    figures.add(f"{name}: turned away with 503", sum(answer.status == 503 for answer in answers), "answers")
    figures.add(f"{name}: without an answer", buyers - len(answers), "requests")
    figures.add(f"{name}: from the first seat to the last answer", max(a.sent + a.latency for a in answers) - min(sold_at), "s")
    # Buyers who were turned away try again until the bus is full.
    posts = [lines(world, "crowd", [f"/v2/bookings\t{body}"]), KEY, "again"]
    wrk(api.url, "posts.lua", posts, 8, options.second)
    held = int(world.sql(database, "select count(*) from seat_holds"))
    if held > seats or (held < seats and not options.is_quick):
        message = f"{held} of {seats} seats are held"
        raise RuntimeError(message)
    measured(world, api, figures, f"full bus of {seats}: refusals to 64 clients", (),
             lambda: wrk(api.url, "posts.lua", posts, 64, options.seconds), lambda found: found.rate_of(409))
