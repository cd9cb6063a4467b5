-- What changed of the things that API processes keep in memory (docs/CACHING.md). The version of what is published is
-- read with every look, and needs no row here.

-- Whoever waits for a lock here keeps every sale waiting behind itself: better to fail soon, and be run again. The order
-- is that in which sales lock these tables.
set local lock_timeout = '3s';
lock table departures, tickets, api_keys, partner_permissions in share row exclusive mode;

create table changes (
    xid xid8 not null default pg_current_xact_id(),
    kind text not null constraint changes_kind_check
        check (kind in ('departure', 'key', 'permission', 'everything')),
    subject uuid not null default '00000000-0000-0000-0000-000000000000',
    service_day date not null default '1970-01-01',
    at timestamptz not null default clock_timestamp(),
    constraint changes_pkey primary key (xid, kind, subject, service_day)
);
comment on table changes is 'What was changed of the things that processes keep in memory; written by triggers, read by xid and snapshot, deleted after some minutes.';
comment on column changes.xid is 'The transaction that changed it: readers ask for those that their last snapshot did not see.';
comment on column changes.subject is 'Trip of a departure, API key, or partner whose permissions changed.';
comment on column changes.service_day is 'Of a departure; the default otherwise.';
comment on column changes.at is 'When the statement ran; the commit came later.';

create table change_log (
    singleton boolean constraint change_log_pkey primary key default true constraint change_log_singleton_check check (singleton),
    deleted_xid xid8 not null default '0',
    generation bigint not null default 0
);
comment on table change_log is 'One row: what is not in changes any more.';
comment on column change_log.deleted_xid is 'Rows of transactions before this one may have been deleted: a reader whose snapshot does not see all of these loads everything again.';
comment on column change_log.generation is 'Count it up after changing data with triggers disabled: every process then loads everything again.';
insert into change_log default values;

-- At the start, a process loads departures from a day on.
create index if not exists departures_day_idx on departures (service_day);

-- Statement-level triggers: one call a statement, one row a thing and transaction, whoever writes.

create function note_changes(of_kind text, subjects uuid[]) returns void language sql as $$
    insert into changes (kind, subject) select distinct of_kind, subject from unnest(subjects) as changed (subject)
    on conflict do nothing
$$;
comment on function note_changes is 'Called by triggers: what is known of these subjects is to be read again.';

create function note_everything() returns trigger language plpgsql as $$
begin
    insert into changes (kind) values ('everything') on conflict do nothing;
    return null;
end $$;

create function note_tickets() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into changes (kind, subject, service_day)
        select distinct 'departure', trip_id, service_day from new_rows
        on conflict do nothing;
    elsif tg_op = 'DELETE' then
        insert into changes (kind, subject, service_day)
        select distinct 'departure', trip_id, service_day from old_rows
        on conflict do nothing;
    else
        insert into changes (kind, subject, service_day)
        select distinct 'departure', changed.trip_id, changed.service_day
        from old_rows o
        full join new_rows n using (id)
        cross join lateral (values (o.trip_id, o.service_day), (n.trip_id, n.service_day)) as changed (trip_id, service_day)
        where (o.trip_id, o.service_day, o.boarding_position, o.alighting_position, o.seat, o.status, o.payment_status, o.created_at)
            is distinct from
              (n.trip_id, n.service_day, n.boarding_position, n.alighting_position, n.seat, n.status, n.payment_status, n.created_at)
            and changed.trip_id is not null
        on conflict do nothing;
    end if;
    return null;
end $$;

-- A departure that is open and carries no ticket is like one that is not stored.
create function note_departures() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into changes (kind, subject, service_day)
        select 'departure', trip_id, service_day from new_rows where closed_at is not null
        on conflict do nothing;
    elsif tg_op = 'DELETE' then
        insert into changes (kind, subject, service_day)
        select 'departure', trip_id, service_day from old_rows where closed_at is not null
        on conflict do nothing;
    else
        insert into changes (kind, subject, service_day)
        (select 'departure', trip_id, service_day
         from (select trip_id, service_day, closed_at is null from old_rows
               except
               select trip_id, service_day, closed_at is null from new_rows) as before (trip_id, service_day, open)
         union
         select 'departure', trip_id, service_day
         from (select trip_id, service_day, closed_at is null from new_rows
               except
               select trip_id, service_day, closed_at is null from old_rows) as after (trip_id, service_day, open))
        on conflict do nothing;
    end if;
    return null;
end $$;

create function note_api_keys() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform note_changes('key', array(select id from new_rows));
    elsif tg_op = 'DELETE' then
        perform note_changes('key', array(select id from old_rows));
    else
        -- That a key was used changes nothing of it.
        perform note_changes('key', array(
            select id from (
                (select id, partner_id, environment, secret_hash, revoked_at from old_rows
                 except select id, partner_id, environment, secret_hash, revoked_at from new_rows)
                union all
                (select id, partner_id, environment, secret_hash, revoked_at from new_rows
                 except select id, partner_id, environment, secret_hash, revoked_at from old_rows)
            ) as changed));
    end if;
    return null;
end $$;

create function note_partner_permissions() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform note_changes('permission', array(select partner_id from new_rows));
    elsif tg_op = 'DELETE' then
        perform note_changes('permission', array(select partner_id from old_rows));
    else
        perform note_changes('permission', array(
            select partner_id from old_rows union select partner_id from new_rows));
    end if;
    return null;
end $$;

do $$
declare
    kept text;
begin
    foreach kept in array array['tickets', 'departures', 'api_keys', 'partner_permissions'] loop
        execute format('create trigger %1$s_insert_noted after insert on %1$s
            referencing new table as new_rows for each statement execute function note_%1$s()', kept);
        execute format('create trigger %1$s_update_noted after update on %1$s
            referencing old table as old_rows new table as new_rows for each statement execute function note_%1$s()', kept);
        execute format('create trigger %1$s_delete_noted after delete on %1$s
            referencing old table as old_rows for each statement execute function note_%1$s()', kept);
        execute format('create trigger %1$s_truncate_noted after truncate on %1$s
            for each statement execute function note_everything()', kept);
    end loop;
end $$;
