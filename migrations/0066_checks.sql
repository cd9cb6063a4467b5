-- no-transaction
-- What the checks of each minute, the gauges and histories look up: jobs that are held up, the most seats that a bus ever
-- had, and what a request did.
--
-- Each table is locked in a transaction of its own. A sale reads buses first and writes jobs last: it would wait here for
-- jobs, and this for buses, each for the other. Run again after an interruption, it does the same again.

do $migration$
begin
    -- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
    perform set_config('lock_timeout', '3s', true);
    create index if not exists audit_entries_request_idx on audit_entries (request_id) where request_id is not null;
    commit;

    perform set_config('lock_timeout', '3s', true);
    -- On a large table this is built by hand before the release, with `concurrently`.
    create index if not exists jobs_held_idx on jobs (queue, held_since)
        where held_since is not null and state in ('ready', 'sent', 'running');
    commit;

    -- Read before anything is locked. A bus may have become smaller before this migration: the tickets sold on its former
    -- seats are no violation.
    create temp table seats_sold on commit drop as
    select d.bus_id, max(h.seat) as seat from seat_holds h join departures d using (trip_id, service_day)
    group by d.bus_id;

    perform set_config('lock_timeout', '3s', true);
    alter table buses add column if not exists most_seats smallint not null default 0;
    comment on column buses.most_seats is 'The most seats that it ever had, kept by a trigger. A ticket on a seat that no bus of the company ever had is a violation (seat_not_on_bus).';
    update buses set most_seats = greatest(most_seats, seats, (select seat from seats_sold where bus_id = buses.id));

    create or replace function keep_most_seats() returns trigger language plpgsql as $$
    begin
        new.most_seats := greatest(new.most_seats, new.seats);
        return new;
    end
    $$;
    create or replace trigger buses_most_seats before insert or update on buses
        for each row execute function keep_most_seats();
end $migration$;
