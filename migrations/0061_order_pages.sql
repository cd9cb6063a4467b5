-- no-transaction
-- Kept counts of tickets by the day of their ids, of a partner and of a company, as 0028 keeps them of bookings: a deep
-- page of their lists begins at a day instead of reading all newer tickets. One transaction waits for writers and
-- changes the triggers, the next one counts what was there before them, while writers go on. Before both, the
-- publication learns which of its versions changed nothing that readers keep in memory. Run again after an
-- interruption, it does the same again.

do $migration$
begin
    -- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
    perform set_config('lock_timeout', '3s', true);
    alter table publication add column if not exists unread bigint not null default 0;
    comment on table publication is 'One row. version rises in the transaction that changes anything that sales or readers depend on.';
    comment on column publication.unread is 'How many of the versions changed only what is read for each decision (permissions, refund rules). version - unread is the version of what readers keep in memory (timetable, companies, rates).';
    commit;

    perform set_config('lock_timeout', '3s', true);
    lock table bookings, tickets in share row exclusive mode;

    alter table list_counts
        drop constraint list_counts_list_check,
        add constraint list_counts_list_check check (list in (
            'bookings_by_departure', 'bookings_by_id', 'tickets_by_creation', 'tickets_by_id', 'orders_by_state',
            'orders_by_id'));
    comment on column list_counts.list is 'bookings_by_departure, bookings_by_id, tickets_by_creation, tickets_by_id: of a partner; orders_by_state, orders_by_id: tickets of a company.';
    comment on column list_counts.part is 'A UTC day (list_day) of bookings.departure_at or of tickets.created_at, or of the id (list_day_of); or status/payment_status.';

    create or replace function tickets_counted() returns trigger language plpgsql as $$
    declare
        sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
        part record;
    begin
        for part in
            select partner_id, company_id, list_day(created_at) as created, list_day_of(id) as day,
                   status || '/' || payment_status as state, count(*) as n
            from changed group by 1, 2, 3, 4, 5
        loop
            perform list_counts_add('tickets_by_creation', part.partner_id, part.created, sign * part.n),
                    list_counts_add('tickets_by_id', part.partner_id, part.day, sign * part.n),
                    list_counts_add('orders_by_id', part.company_id, part.day, sign * part.n),
                    list_counts_add('orders_by_state', part.company_id, part.state, sign * part.n);
        end loop;
        if tg_op = 'INSERT' then
            update bookings b set emptied = false from changed t where b.id = t.booking_id and b.emptied;
        else
            perform bookings_left(array(select distinct booking_id from changed));
        end if;
        return null;
    end $$;

    create or replace function ticket_moved() returns trigger language plpgsql as $$
    begin
        perform list_counts_add('tickets_by_creation', old.partner_id, list_day(old.created_at), -1),
                list_counts_add('tickets_by_creation', new.partner_id, list_day(new.created_at), 1);
        -- Nothing in the product changes these.
        if (old.id, old.partner_id, old.company_id) is distinct from (new.id, new.partner_id, new.company_id) then
            perform list_counts_add('tickets_by_id', old.partner_id, list_day_of(old.id), -1),
                    list_counts_add('tickets_by_id', new.partner_id, list_day_of(new.id), 1),
                    list_counts_add('orders_by_id', old.company_id, list_day_of(old.id), -1),
                    list_counts_add('orders_by_id', new.company_id, list_day_of(new.id), 1);
        end if;
        perform bookings_left(array[old.booking_id, new.booking_id]);
        return null;
    end $$;
    -- Replaced, since dropping it would wait for everybody who reads tickets.
    create or replace trigger tickets_moved after update on tickets for each row
        when ((old.id, old.partner_id, old.company_id, old.created_at, old.booking_id)
              is distinct from (new.id, new.partner_id, new.company_id, new.created_at, new.booking_id))
        execute function ticket_moved();

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
