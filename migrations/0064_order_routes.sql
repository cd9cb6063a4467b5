-- no-transaction
-- What a company's list of the orders of a route needs: an index of the tickets of a trip, newest first in each state,
-- and kept counts (0028) of tickets by trip. By trip, not by route: an import may put a trip on another route, and a
-- list reads which trips a route has. One transaction builds the index, the second one waits for writers and changes
-- the triggers, the last one counts what was there before them, while writers go on. Run again after an interruption,
-- it does the same again.

do $migration$
begin
    perform set_config('lock_timeout', '3s', true);
    -- On large tables this is built by hand before the release, with `concurrently`.
    create index if not exists tickets_company_trip_idx
        on tickets (company_id, trip_id, status, payment_status, id desc) include (created_at);
    commit;

    -- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
    perform set_config('lock_timeout', '3s', true);
    lock table bookings, tickets in share row exclusive mode;

    alter table list_counts
        drop constraint list_counts_list_check,
        add constraint list_counts_list_check check (list in (
            'bookings_by_departure', 'bookings_by_id', 'tickets_by_creation', 'tickets_by_id', 'orders_by_state',
            'orders_by_id', 'orders_by_trip'));
    comment on column list_counts.list is 'bookings_by_departure, bookings_by_id, tickets_by_creation, tickets_by_id: of a partner; orders_by_state, orders_by_id, orders_by_trip: tickets of a company.';
    comment on column list_counts.part is 'A UTC day (list_day) of bookings.departure_at or of tickets.created_at, or of the id (list_day_of); or status/payment_status; or tickets.trip_id.';

    -- Each list is grouped by itself: tickets of several trips, states or days add to each count once.
    create or replace function tickets_counted() returns trigger language plpgsql as $$
    declare
        sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
        size record;
    begin
        for size in
            select counted.list, counted.owner_id, counted.part, count(*) as n
            from changed
            cross join lateral (values
                ('tickets_by_creation', changed.partner_id, list_day(changed.created_at)),
                ('tickets_by_id', changed.partner_id, list_day_of(changed.id)),
                ('orders_by_id', changed.company_id, list_day_of(changed.id)),
                ('orders_by_state', changed.company_id, changed.status || '/' || changed.payment_status),
                ('orders_by_trip', changed.company_id, changed.trip_id::text)
            ) as counted (list, owner_id, part)
            group by 1, 2, 3
        loop
            perform list_counts_add(size.list, size.owner_id, size.part, sign * size.n);
        end loop;
        if tg_op = 'INSERT' then
            update bookings b set emptied = false from changed t where b.id = t.booking_id and b.emptied;
        else
            perform bookings_left(array(select distinct booking_id from changed));
        end if;
        return null;
    end $$;

    -- Tickets change their trip here, and not a row at a time like the other things that rarely change: an import moves
    -- thousands in one statement, and each would change the same count.
    create or replace function tickets_restated() returns trigger language plpgsql as $$
    declare
        size record;
    begin
        for size in
            select d.list, d.company_id, d.part, sum(d.n) as n
            from (select 'orders_by_state' as list, company_id, status || '/' || payment_status as part, -1 as n
                  from before
                  union all select 'orders_by_state', company_id, status || '/' || payment_status, 1 from changed
                  union all select 'orders_by_trip', company_id, trip_id::text, -1 from before
                  union all select 'orders_by_trip', company_id, trip_id::text, 1 from changed) as d
            group by 1, 2, 3
            having sum(d.n) <> 0
        loop
            perform list_counts_add(size.list, size.company_id, size.part, size.n);
        end loop;
        return null;
    end $$;

    create or replace function list_counts_mend() returns bigint language sql as $$
        with counted (list, owner_id, part, n) as (
            select 'bookings_by_departure', partner_id, list_day(departure_at), count(*)
            from bookings where not emptied group by 2, 3
            union all
            select 'bookings_by_id', partner_id, list_day_of(id), count(*) from bookings where not emptied group by 2, 3
            union all
            select 'tickets_by_creation', partner_id, list_day(created_at), count(*) from tickets group by 2, 3
            union all
            select 'tickets_by_id', partner_id, list_day_of(id), count(*) from tickets group by 2, 3
            union all
            select 'orders_by_id', company_id, list_day_of(id), count(*) from tickets group by 2, 3
            union all
            select 'orders_by_state', company_id, status || '/' || payment_status, count(*) from tickets group by 2, 3
            union all
            select 'orders_by_trip', company_id, trip_id::text, count(*) from tickets group by 2, 3
        ), kept as (
            select list, owner_id, part, sum(n) as n from list_counts group by 1, 2, 3
        ), missing as (
            insert into list_counts (list, owner_id, part, n)
            select list, owner_id, part, coalesce(c.n, 0) - coalesce(k.n, 0)
            from counted c full join kept k using (list, owner_id, part)
            where coalesce(c.n, 0) <> coalesce(k.n, 0)
            returning 1
        )
        select count(*) from missing
    $$;
    commit;

    perform list_counts_mend();
end $migration$;
