"""The expiry of unpaid tickets: 100,000 that expire at one instant, closed with their history and messages; and the
same while the messages are sent and ticket mails are written.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from duels.figures import Figures, percentile
from duels.program import until
from duels.setting import Options
from duels.world import ROOT, SQL, World, free_port

TICKETS = 100_000
# All of them must be closed within a minute.
NEEDED = TICKETS / 60

# Without triggers, which would record a change for each ticket.
OVERDUE = """
begin;
set local session_replication_role = replica;
update tickets set created_at = created_at - interval '1 hour';
commit;
"""
CLOSED = "not exists (select from tickets where status = 'Processing' and payment_status = 'Unpaid')"
# What each closed ticket must have exactly once, and seats that are still held.
LEFT_BEHIND = """
select (select count(*) from tickets where status = 'Uncompleted'),
       (select count(distinct ticket_id) from ticket_history where action = 'uncompleted'),
       (select count(*) from ticket_history where action = 'uncompleted'),
       (select count(*) from notifications where event = 'uncompleted'),
       (select count(*) from all_jobs where kind = 'email_notification' and not is_urgent),
       (select count(*) from seat_holds)
"""
FIRST_MESSAGE = "exists (select from jobs where queue = 'email')"
SENT = "not exists (select from jobs where queue = 'email' and state in ('ready', 'sent', 'running') and not is_urgent)"
TICKETS_SENT = "not exists (select from jobs where queue = 'email' and state in ('ready', 'sent', 'running'))"
# From insertion until it was sent.
TICKET_MAILS = "select extract(epoch from sent_at - created_at) * 1000 from notifications where event = 'paid' and state = 'sent'"
SENDER = "PREXSELL <tickets@example.com>"


def sweep(world: World, options: Options, figures: Figures) -> None:
    """Tickets that one scheduler and one or two workers close per second."""
    tickets = options.scaled(TICKETS, 300)
    unpaid = world.database("unpaid", world.migrated())
    world.sql(unpaid, file=ROOT / "bench" / "lists" / "fill.sql", tickets=tickets, days=options.scaled(360, 10))
    world.sql(unpaid, file=SQL / "unpaid.sql")
    for _ in range(options.rounds):
        figures.add("needed for all within a minute", NEEDED, "/s")
        for workers in (1, 2):
            closed(world, figures, tickets, workers)
        sent(world, figures, tickets)


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
        world.until(database, CLOSED, "every ticket is closed", seconds=60 + tickets / 100)
        took = time.monotonic() - started
        spent = meter.spent()
    check(world, database, tickets)
    figures.add(f"{name}: closed", tickets / took, "/s", "needed for all within a minute")
    figures.add(f"{name}: until the last is closed", took, "s")
    for part, seconds in zip(("scheduler and workers", "PostgreSQL"), spent[:2], strict=True):
        figures.add(f"{name}: {part}", seconds / tickets * 1000, "ms of CPU each")


def sent(world: World, figures: Figures, tickets: int) -> None:
    """One round in which passengers are notified: from the instant at which all are due until the last mail is sent."""
    database = world.database("sweep", "unpaid")
    with ExitStack() as stack:
        url, mails = stack.enter_context(mail_server(world))
        running = [stack.enter_context(world.ready("scheduler", database)), stack.enter_context(world.ready("sweep_worker", database)),
                   stack.enter_context(world.ready("email_worker", database, SMTP_URL=url, MAIL_FROM=SENDER))]
        meter = world.meter(*running)
        world.sql(database, OVERDUE)
        started = time.monotonic()
        world.until(database, FIRST_MESSAGE, "a message is written")
        paid = ticket_mails(database)
        world.until(database, CLOSED, "every ticket is closed", seconds=60 + tickets / 100)
        took = time.monotonic() - started
        world.until(database, SENT, "every message has left", seconds=120 + tickets / 50)
        left = time.monotonic() - started
        spent = meter.spent()
        if paid.wait(60):
            message = "ticket mails could not be written"
            raise RuntimeError(message)
        world.until(database, TICKETS_SENT, "every ticket mail has left")
        waits = [float(line) for line in world.sql(database, TICKET_MAILS).splitlines()]
        arrived = sum(1 for _ in mails.glob("*.eml"))
    check(world, database, tickets)
    if not waits or arrived != tickets + len(waits):
        message = f"{arrived} mails arrived, for {tickets} tickets that were closed and {len(waits)} that were paid"
        raise RuntimeError(message)
    figures.add("1 worker, mails sent meanwhile: until the last is closed", took, "s")
    figures.add("1 worker, mails sent meanwhile: until the last message left", left, "s")
    figures.add("1 worker, mails sent meanwhile: messages", tickets / left, "/s")
    for share in (0.5, 0.99):
        figures.add(f"ticket mail meanwhile, from its insertion until it left: p{share * 100:.0f}", percentile(waits, share), "ms")
    for part, seconds in zip(("scheduler and workers", "PostgreSQL"), spent[:2], strict=True):
        figures.add(f"1 worker, mails sent meanwhile: {part}", seconds / tickets * 1000, "ms of CPU each")


def check(world: World, database: str, tickets: int) -> None:
    """Every ticket is closed, has its history and message exactly once, and holds no seat."""
    found = world.sql(database, LEFT_BEHIND).split("\t")
    if found != [str(tickets)] * 5 + ["0"]:
        message = f"of {tickets} tickets: closed, with history, lines of it, messages, jobs; seats held: {found}"
        raise RuntimeError(message)


@contextmanager
def mail_server(world: World) -> Iterator[tuple[str, Path]]:
    """The address of a running simulated mail server, and the folder for what it receives, one file each."""
    port, folder = free_port(), world.folder / "mails"
    folder.mkdir()
    with world.program("mail_sim", "", MAIL_SIM_LISTEN=f"127.0.0.1:{port}", MAIL_DIR=str(folder)) as program:
        until(lambda: is_listening(port), "the mail server is ready", program)
        yield f"smtp://127.0.0.1:{port}", folder
    shutil.rmtree(folder)


def is_listening(port: int) -> bool:
    """Whether a server accepts connections."""
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


def ticket_mails(database: str) -> subprocess.Popen:
    """Writes a ticket mail every tenth of a second while other mails wait; then it ends by itself."""
    command = ["setpriv", "--pdeathsig", "TERM", "--", "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", database, "-f", str(SQL / "ticket_mails.sql")]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
