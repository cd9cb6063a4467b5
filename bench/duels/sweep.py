"""The end of unpaid tickets: 100,000 whose time is over at one instant, closed with their history and messages."""

import time
from contextlib import ExitStack

from duels.figures import Figures
from duels.setting import Options
from duels.world import ROOT, SQL, World, until

TICKETS = 100_000
# All of them within a minute.
NEEDED = TICKETS / 60

# Without triggers, which would note each change of a ticket's creation.
OVERDUE = """
begin;
set local session_replication_role = replica;
update tickets set created_at = created_at - interval '1 hour';
commit;
"""
DUE = "select exists (select from tickets where status = 'Processing' and payment_status = 'Unpaid')"
# What each closed ticket has exactly once, and seats that are held.
LEFT_BEHIND = """
select (select count(*) from tickets where status = 'Uncompleted'),
       (select count(distinct ticket_id) from ticket_history where action = 'uncompleted'),
       (select count(*) from ticket_history where action = 'uncompleted'),
       (select count(*) from notifications where event = 'uncompleted'),
       (select count(*) from all_jobs where kind = 'email_notification'),
       (select count(*) from seat_holds)
"""


def sweep(world: World, options: Options, figures: Figures) -> None:
    """Tickets that one scheduler and one or two workers close in a second."""
    tickets = options.scaled(TICKETS, 2000)
    unpaid = world.database("unpaid")
    world.admin(unpaid, "migrate")
    world.sql(unpaid, file=ROOT / "bench" / "lists" / "fill.sql", tickets=tickets)
    world.sql(unpaid, file=SQL / "unpaid.sql")
    for _ in range(options.rounds):
        figures.add("needed for all within a minute", NEEDED, "/s")
        for workers in (1, 2):
            closed(world, figures, tickets, workers)


def closed(world: World, figures: Figures, tickets: int, workers: int) -> None:
    """One round, from the instant at which all are due until the last is closed."""
    database = world.database("sweep", "unpaid")
    name = f"{workers} worker{'s' if workers > 1 else ''}"
    with ExitStack() as stack:
        running = [stack.enter_context(world.ready("scheduler", database))]
        running += [stack.enter_context(world.ready("sweep_worker", database)) for _ in range(workers)]
        meter = world.meter(*running)
        world.sql(database, OVERDUE)
        started = time.monotonic()
        until(lambda: world.sql(database, DUE) == "f", "every ticket is closed", seconds=60 + tickets / 100)
        took = time.monotonic() - started
        spent = meter.spent()
    found = world.sql(database, LEFT_BEHIND).split("\t")
    if found != [str(tickets)] * 5 + ["0"]:
        message = f"of {tickets} tickets: closed, with history, lines of it, messages, jobs; seats held: {found}"
        raise RuntimeError(message)
    figures.add(f"{name}: closed", tickets / took, "/s", "needed for all within a minute")
    figures.add(f"{name}: until the last is closed", took, "s")
    for part, seconds in zip(("scheduler and workers", "PostgreSQL"), spent[:2], strict=True):
        figures.add(f"{name}: {part}", seconds / tickets * 1000, "ms of CPU each")
