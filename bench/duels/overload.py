"""Three times the searches that the platform can answer, for a minute."""

import itertools
import random
import resource
from collections import Counter
from urllib.parse import parse_qs, urlsplit

from duels.figures import Figures
from duels.load import Answer, oha, percentile, wrk
from duels.processor import first_and_last_core, pinned_to
from duels.program import KEY, Server
from duels.search import CLIENTS
from duels.setting import Options, key_headers, lines, mix, sold, warm
from duels.world import World

CURRENCIES = ("UAH", "PLN", "CZK", "EUR", "USD")
LANGUAGES = ("UK", "PL", "CS", "EN", "RU")
PASSENGERS = range(1, 11)
# Far more than are answered in a second, which is how long a response is kept (docs/CACHING.md).
PATHS = 60_000
# Pairs of cities whose offers are counted: those that the mix of searches has most often.
PAIRS = 400
# Eight times as many as the searches that may wait in one process: all others are refused at once, which frees their
# connection.
SOCKETS = 2048
# The generator kept up if it sent this share of what was asked, and was the limit if it used this share of its core.
ENOUGH, BUSY = 0.95, 0.9


def overload(world: World, options: Options, figures: Figures) -> None:
    """Searches that all differ, so that each is assembled and its tokens are signed. The API has one core, the load the
    other one. Most searches that 32 clients get answered, then three times as many at a constant rate.
    """
    database = sold(world, "overload", options.scaled(50_000, 500))
    every = mix(world, database)
    seconds = options.scaled(max(60, int(options.seconds)), 1)
    own, other = first_and_last_core()
    for _ in range(options.rounds):
        with world.api(database, core=own) as api, pinned_to(other):
            paths = different(api, every, options)
            figures.note(f"{len(paths):,} different searches")
            asked = [lines(world, "paths", paths), KEY]
            warm(world, api, "paths.lua", asked, CLIENTS)
            most = wrk(api.url, "paths.lua", asked, CLIENTS, options.seconds).rate
            figures.add("most searches", most, "/s")
            urls, sockets = [api.url + path for path in paths], options.scaled(SOCKETS, 200)
            flood(world, api, figures, urls, max(1, int(3 * most)), seconds, sockets)
            figures.add("most memory of the API", api.memory("VmHWM"), "MB")


def different(api: Server, every: list[str], options: Options) -> list[str]:
    """Searches of which no two are the same, in no order: between cities with at least a third of the most offers, on
    each day of the mix, for one to ten passengers, in each currency and language.
    """
    asked = [parse_qs(urlsplit(path).query) for path in every if path.startswith("/v2/offers?")]
    calendar = sorted({search["departureDate"][0] for search in asked})
    often = Counter((search["departureCity"][0], search["arrivalCity"][0]) for search in asked)
    offered = {pair: offers(api, pair, calendar[0]) for pair, _ in often.most_common(options.scaled(PAIRS, 10))}
    pairs = [pair for pair, count in offered.items() if count and 3 * count >= max(offered.values())]
    if not pairs:
        message = "no pair of cities has offers"
        raise RuntimeError(message)
    chosen = list(itertools.product(pairs, calendar, PASSENGERS, CURRENCIES, LANGUAGES))
    random.Random(1).shuffle(chosen)
    return [f"{path_of(pair, day, passengers)}&currency={currency}&language={language}"
            for pair, day, passengers, currency, language in chosen[: options.scaled(PATHS, 5000)]]


def path_of(pair: tuple[str, str], day: str, passengers: int) -> str:
    """The path of a search."""
    return f"/v2/offers?departureCity={pair[0]}&arrivalCity={pair[1]}&departureDate={day}&passengers={passengers}"


def offers(api: Server, pair: tuple[str, str], day: str) -> int:
    """How many offers a pair of cities has on a day."""
    return len(api.json(path_of(pair, day, 1))["data"]["offers"])


def flood(world: World, api: Server, figures: Figures, urls: list[str], rate: int, seconds: int, sockets: int) -> None:
    """Requests addresses at random at a rate, whether or not the responses keep up, and waits for the last response."""
    file = lines(world, "urls", urls)
    asked = ["-q", str(rate), "-z", f"{seconds}s", "-c", str(sockets), "-w", "--urls-from-file", file]
    meter, before = world.meter(api), generated()
    answers = oha(asked, key_headers() | {"accept-encoding": "gzip"})
    used, own = generated() - before, meter.spent()[0]
    useful = [answer.latency for answer in answers if answer.status == 200]
    refused = [answer.latency for answer in answers if answer.status != 200]
    if not useful:
        message = f"of {len(answers)} searches none was answered with 200"
        raise RuntimeError(message)
    # Until the last response: oha then still prints a million lines, which are read here.
    took = max(answer.sent + answer.latency for answer in answers)
    figures.add("asked", rate, "/s", "most searches")
    figures.add("sent and answered", len(answers) / took, "/s")
    figures.add("answered with 200", len(useful) / took, "/s", "most searches")
    figures.add("refused", len(refused) / took, "/s")
    for name, latencies in (("those", useful), ("refusals", refused)):
        for share in (0.5, 0.99) if latencies else ():
            figures.add(f"latency of {name}: p{share * 100:.0f}", percentile(latencies, share) * 1000, "ms")
    figures.add("API", own / took * 100, "% of its core")
    figures.add("generator", used / took * 100, "% of its core")
    told(figures, answers, rate * seconds, used / took)


def told(figures: Figures, answers: list[Answer], asked: int, busy: float) -> None:
    """Notes whether the generator kept up. It sends on a free connection only, and reports only what was answered."""
    if len(answers) >= ENOUGH * asked:
        return
    why = "its core was the limit" if busy >= BUSY else "all of its connections waited for responses, or were closed"
    figures.note(f"the generator fell behind: {len(answers):,} of {asked:,} were sent and answered; {why}")


def generated() -> float:
    """Seconds of processor time of the load generators that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
