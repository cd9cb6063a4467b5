-- Kept counts of the long lists, so that no request counts rows: every writer keeps them, through triggers, in its own
-- transaction. A count is the sum of its slots. A writer adds to a slot that nobody else holds, or to a new one, so
-- writers never wait for each other here and cannot deadlock; now and then one merges the slots that it finds free.
-- Written values are seen exactly when the rows that they count are: a snapshot's sum is the count in that snapshot.
-- 0029 counts what was there before the triggers.

-- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
set local lock_timeout = '3s';
lock table tickets, bookings in share row exclusive mode;

create table list_counts (
    list text collate "C" not null constraint list_counts_list_check check (list in ('bookings_by_departure', 'bookings_by_id', 'tickets_by_creation', 'orders_by_state')),
    owner_id uuid not null,
    part text collate "C" not null,
    slot bigint generated always as identity,
    n bigint not null,
    constraint list_counts_pkey primary key (list, owner_id, part, slot)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);
comment on table list_counts is 'Sizes of lists: the sum of n over the slots of a list, owner and part. Kept by triggers on bookings and tickets.';
comment on column list_counts.list is 'bookings_by_departure, bookings_by_id, tickets_by_creation: of a partner; orders_by_state: tickets of a company.';
comment on column list_counts.part is 'A UTC day (list_day) of bookings.departure_at, of the id (list_day_of) or of tickets.created_at; or status/payment_status.';
comment on column list_counts.n is 'May be negative: only the sum means something.';

-- Days are counted from 1970-01-01: a number looks the same in every session.
create function list_day(at timestamptz) returns text language sql immutable parallel safe as $$
    select ((at at time zone 'UTC')::date - date '1970-01-01')::text
$$;
create function list_day_of(id uuid) returns text language sql immutable parallel safe as $$
    select greatest(19723, least(30000, ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 86400000))::text
$$;
comment on function list_day_of is 'The day of an id that begins with its milliseconds (UUIDv7), from 2024-01-01 to 2052-02-20; others count to the nearer end. As a number it never falls as ids rise, whatever they are.';

create function list_counts_add(in_list text, in_owner uuid, in_part text, amount bigint) returns void
language plpgsql as $$
declare
    total bigint;
begin
    if amount = 0 then
        return;
    end if;
    -- A snapshot of a whole transaction cannot lock a row that changed after it: such a writer takes a new slot.
    if current_setting('transaction_isolation') = 'read committed' then
        if random() < 0.02 then
            -- Merges what is free.
            with free as (
                select slot from list_counts where list = in_list and owner_id = in_owner and part = in_part
                limit 64 for update skip locked
            ), gone as (
                delete from list_counts c using free f
                where c.list = in_list and c.owner_id = in_owner and c.part = in_part and c.slot = f.slot
                returning c.n
            )
            select sum(n) into total from gone;
        else
            -- The newest slot: behind it lie fewer dead versions when an old snapshot keeps them.
            update list_counts set n = n + amount
            where list = in_list and owner_id = in_owner and part = in_part and slot = (
                select slot from list_counts where list = in_list and owner_id = in_owner and part = in_part
                order by slot desc limit 1 for update skip locked);
            if found then
                return;
            end if;
        end if;
    end if;
    insert into list_counts (list, owner_id, part, n) values (in_list, in_owner, in_part, amount + coalesce(total, 0));
end $$;
comment on function list_counts_add is 'Adds to a count of a list; see the head of migrations/0028_list_counts.sql.';

create function bookings_counted() returns trigger language plpgsql as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
    part record;
begin
    for part in
        select b.partner_id, list_day(b.departure_at) as departure, list_day_of(b.id) as created, count(*) as n
        from changed b where not b.emptied group by 1, 2, 3
    loop
        perform list_counts_add('bookings_by_departure', part.partner_id, part.departure, sign * part.n),
                list_counts_add('bookings_by_id', part.partner_id, part.created, sign * part.n);
    end loop;
    return null;
end $$;
create trigger bookings_inserted after insert on bookings referencing new table as changed
    for each statement execute function bookings_counted();
create trigger bookings_deleted after delete on bookings referencing old table as changed
    for each statement execute function bookings_counted();

-- A row at a time, so that the many updates of other columns cost nothing.
create function booking_recounted() returns trigger language plpgsql as $$
begin
    perform list_counts_add('bookings_by_departure', old.partner_id, list_day(old.departure_at), -(not old.emptied)::integer),
            list_counts_add('bookings_by_departure', new.partner_id, list_day(new.departure_at), (not new.emptied)::integer),
            list_counts_add('bookings_by_id', old.partner_id, list_day_of(old.id), -(not old.emptied)::integer),
            list_counts_add('bookings_by_id', new.partner_id, list_day_of(new.id), (not new.emptied)::integer);
    return null;
end $$;
create trigger bookings_updated after update on bookings for each row
    when ((old.id, old.partner_id, old.departure_at, old.emptied) is distinct from (new.id, new.partner_id, new.departure_at, new.emptied))
    execute function booking_recounted();

create function bookings_left(ids uuid[]) returns void language plpgsql as $$
begin
    -- Locked first, against tickets that others insert too (their foreign key waits): of two that take the last two
    -- tickets away, the second one sees what the first did.
    perform from bookings b where b.id = any(ids) order by b.id for update;
    update bookings b set emptied = not exists (select from tickets t where t.booking_id = b.id)
    where b.id = any(ids) and b.emptied = exists (select from tickets t where t.booking_id = b.id);
end $$;
comment on function bookings_left is 'Brings bookings.emptied up to date after tickets went from or to these bookings.';

create function tickets_counted() returns trigger language plpgsql as $$
declare
    sign constant integer := case tg_op when 'INSERT' then 1 else -1 end;
    part record;
begin
    for part in
        select partner_id, list_day(created_at) as created, company_id, status || '/' || payment_status as state,
               count(*) as n
        from changed group by 1, 2, 3, 4
    loop
        perform list_counts_add('tickets_by_creation', part.partner_id, part.created, sign * part.n),
                list_counts_add('orders_by_state', part.company_id, part.state, sign * part.n);
    end loop;
    if tg_op = 'INSERT' then
        update bookings b set emptied = false from changed t where b.id = t.booking_id and b.emptied;
    else
        perform bookings_left(array(select distinct booking_id from changed));
    end if;
    return null;
end $$;
create trigger tickets_inserted after insert on tickets referencing new table as changed
    for each statement execute function tickets_counted();
create trigger tickets_deleted after delete on tickets referencing old table as changed
    for each statement execute function tickets_counted();

create function tickets_restated() returns trigger language plpgsql as $$
declare
    part record;
begin
    for part in
        select company_id, state, sum(n) as n
        from (select company_id, status || '/' || payment_status as state, -1 as n from before
              union all select company_id, status || '/' || payment_status, 1 from changed) as d
        group by 1, 2
    loop
        perform list_counts_add('orders_by_state', part.company_id, part.state, part.n);
    end loop;
    return null;
end $$;
create trigger tickets_updated after update on tickets referencing old table as before new table as changed
    for each statement execute function tickets_restated();

-- What rarely changes, a row at a time, so that it costs the others nothing.
create function ticket_moved() returns trigger language plpgsql as $$
begin
    perform list_counts_add('tickets_by_creation', old.partner_id, list_day(old.created_at), -1),
            list_counts_add('tickets_by_creation', new.partner_id, list_day(new.created_at), 1);
    perform bookings_left(array[old.booking_id, new.booking_id]);
    return null;
end $$;
create trigger tickets_moved after update on tickets for each row
    when ((old.partner_id, old.created_at, old.booking_id) is distinct from (new.partner_id, new.created_at, new.booking_id))
    execute function ticket_moved();

create function list_counts_truncated() returns trigger language plpgsql as $$
begin
    delete from list_counts where (list like 'bookings%') = (tg_table_name = 'bookings');
    return null;
end $$;
create trigger bookings_truncated after truncate on bookings for each statement execute function list_counts_truncated();
create trigger tickets_truncated after truncate on tickets for each statement execute function list_counts_truncated();

create function list_counts_mend() returns bigint language sql as $$
    with counted (list, owner_id, part, n) as (
        select 'bookings_by_departure', partner_id, list_day(departure_at), count(*)
        from bookings where not emptied group by 2, 3
        union all
        select 'bookings_by_id', partner_id, list_day_of(id), count(*) from bookings where not emptied group by 2, 3
        union all
        select 'tickets_by_creation', partner_id, list_day(created_at), count(*) from tickets group by 2, 3
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
comment on function list_counts_mend is 'Puts counts right that differ from what is there, and returns how many did. One snapshot, so writers may go on meanwhile.';
