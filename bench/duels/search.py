"""Searches at saturation, and at a constant rate; the catalogue."""

from pathlib import Path

from duels.figures import Figures
from duels.load import Constant, constant, pgbench, run, wrk
from duels.program import KEY, Server
from duels.setting import Options, counted, hello_rates, key_headers, lines, measured, mix, popular, sold, typical, warm
from duels.world import World

CLIENTS = 32
RATE = 1000
HELLO = ("hello-world, compressing live", "hello-world, compressed beforehand", "pgbench -S, 8 clients")
JSON = "application/json; charset=utf-8"


def search(world: World, options: Options, figures: Figures) -> None:
    """Offers of the busiest pair as fast as possible, then the mix of searches at 1,000 a second."""
    database = sold(world, "search", options.scaled(50_000, 500))
    every = mix(world, database)
    paths = popular(every)
    asked = [lines(world, "paths", paths), KEY]
    point_reads = world.database("reads")
    run(["pgbench", "-q", "-i", "-s", str(options.scaled(10, 1)), point_reads])
    seconds, rate = options.seconds, options.scaled(RATE, 20)
    with world.api(database) as api:
        body = typical(api, paths)
        figures.note(f"an answer has {len(body):,} bytes before compression")
        warm(world, api, "paths.lua", asked, CLIENTS, 3)
        with counted(world, database, figures, "search") as tell:
            tell(wrk(api.url, "paths.lua", asked, CLIENTS, options.second).requests)
    for _ in range(options.rounds):
        hello_rates(world, figures, body, CLIENTS, seconds, "")
        figures.add("pgbench -S, 8 clients", pgbench(point_reads, None, 8, seconds), "/s")
        contenders = [("search", None)] + ([("search, the other programs", options.beside)] if options.beside else [])
        for name, programs in contenders:
            with world.api(database, programs) as api:
                warm(world, api, "paths.lua", asked, CLIENTS)
                measured(world, api, figures, name, HELLO,
                         lambda api=api: wrk(api.url, "paths.lua", asked, CLIENTS, seconds), lambda found: found.rate)
                figures.add(f"{name}: memory afterwards", api.memory(), "MB")
    for _ in range(options.rounds):
        with world.hello(body, JSON, "plain") as hello:
            yardstick = constant_rate(world, hello, ["/"], rate, seconds)
            figures.add(f"hello-world at {rate}/s: p99", yardstick.latency(0.99), "ms")
        # With the rate limits that partners have.
        with world.api(database, RATE_LIMITS_STANDARD="", RATE_LIMITS_ADDRESS="") as api:
            warm(world, api, "paths.lua", [lines(world, "mix", every), KEY], 4)
            found = constant_rate(world, api, every, rate, seconds)
        figures.add(f"mix of searches at {rate}/s: p50", found.latency(0.5), "ms")
        figures.add(f"mix of searches at {rate}/s: p99", found.latency(0.99), "ms", f"hello-world at {rate}/s: p99")
        figures.add(f"mix of searches at {rate}/s: answered with 200", found.share_of(200) * 100, "%")


def constant_rate(world: World, server: Server, paths: list[str], rate: int, seconds: float) -> Constant:
    """Requests paths of a server at a constant rate."""
    urls = lines(world, "urls", [server.url + path for path in paths])
    return constant(Path(urls), key_headers(), rate, seconds)


def catalogue(world: World, options: Options, figures: Figures) -> None:
    """Cities, stops and the schedule, each beside a hello-world of the same size."""
    database = sold(world, "catalogue", options.scaled(50_000, 500))
    every = mix(world, database)
    kinds = {
        "cities": ["/v2/cities?search=ky", "/v2/cities?search=be&language=PL", "/v2/cities?take=50"],
        "stops": ["/v2/stops?take=50", "/v2/stops?take=50&skip=10"],
        "schedule": sorted({path for path in every if path.startswith("/v2/offers/schedule")
                            and ("=kyiv&" in path or "=moabit&" in path)}) or [p for p in every if "schedule" in p],
    }
    for name, paths in kinds.items():
        asked = [lines(world, "paths", paths), KEY]
        with world.api(database) as api:
            body = typical(api, paths)
            warm(world, api, "paths.lua", asked, CLIENTS)
            with counted(world, database, figures, name) as tell:
                tell(wrk(api.url, "paths.lua", asked, CLIENTS, options.second).requests)
        for _ in range(options.rounds):
            hello_rates(world, figures, body, CLIENTS, options.seconds, f"{name}: ")
            with world.api(database) as api:
                warm(world, api, "paths.lua", asked, CLIENTS)
                measured(world, api, figures, name, tuple(f"{name}: {hello}" for hello in HELLO[:2]),
                         lambda api=api, asked=asked: wrk(api.url, "paths.lua", asked, CLIENTS, options.seconds), lambda found: found.rate)
