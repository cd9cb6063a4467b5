-- A company closes a departure for sale and reopens it, beside what an import closes. Programs of the release before do
-- not look at the new columns: while a release is rolled out, they still sell what a company has closed.

-- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
set local lock_timeout = '3s';

alter table departures
    add column company_closed_at timestamptz,
    add column company_closed_by text,
    add column company_closed_reason text,
    add constraint departures_company_closed_check check ((company_closed_at is null) = (company_closed_by is null));
comment on table departures is 'Stored at the first sale, or when the company closes it. Its row lock serialises sales; its calls freeze what was sold.';
comment on column departures.company_closed_at is 'Closed for sale by the company; imports do not change it. On sale only while this and closed_at are null.';
comment on column departures.company_closed_by is 'Id of the person who closed it.';

create table departure_history (
    id uuid constraint departure_history_pkey primary key,
    trip_id uuid not null,
    service_day date not null,
    at timestamptz not null,
    action text not null constraint departure_history_action_check check (action in ('closed', 'reopened')),
    actor text not null,
    reason text,
    request_id text,
    number bigint generated always as identity,
    constraint departure_history_departure_fkey foreign key (trip_id, service_day) references departures on delete cascade
);
comment on table departure_history is 'Who closed and reopened the sale of a departure. It follows the departure when an import finds that under another trip.';
comment on column departure_history.actor is 'Id of a person.';
comment on column departure_history.number is 'Orders the history: rows are written under the lock of the departure.';
create index departure_history_departure_idx on departure_history (trip_id, service_day, number);

-- A departure that is open and carries no ticket is like one that is not stored.
create or replace function note_departures() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into changes (kind, subject, service_day)
        select 'departure', trip_id, service_day from new_rows where coalesce(closed_at, company_closed_at) is not null
        on conflict do nothing;
    elsif tg_op = 'DELETE' then
        insert into changes (kind, subject, service_day)
        select 'departure', trip_id, service_day from old_rows where coalesce(closed_at, company_closed_at) is not null
        on conflict do nothing;
    else
        insert into changes (kind, subject, service_day)
        (select 'departure', trip_id, service_day
         from (select trip_id, service_day, coalesce(closed_at, company_closed_at) is null from old_rows
               except
               select trip_id, service_day, coalesce(closed_at, company_closed_at) is null from new_rows) as before (trip_id, service_day, open)
         union
         select 'departure', trip_id, service_day
         from (select trip_id, service_day, coalesce(closed_at, company_closed_at) is null from new_rows
               except
               select trip_id, service_day, coalesce(closed_at, company_closed_at) is null from old_rows) as after (trip_id, service_day, open))
        on conflict do nothing;
    end if;
    return null;
end $$;
