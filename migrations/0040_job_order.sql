-- In which order due jobs are sent: urgent ones before others, and within these a turn for each whose work they are.
-- Programs of the release before write neither column: their jobs are not urgent and nobody's.

alter table jobs
    add column is_urgent boolean not null default false,
    add column tenant uuid not null default '00000000-0000-0000-0000-000000000000';
comment on column jobs.is_urgent is 'Sent through the urgent list of its queue, which workers look into first.';
comment on column jobs.tenant is 'Whose work it is: id of a partner or a company, zeros for the platform itself. Each gets its turn, however much another has.';

-- Its first rows for a queue and a tenant are the next ones of that tenant. On a large table it is built by hand before the
-- release (create index concurrently).
create index if not exists jobs_turn_idx on jobs (queue, is_urgent, tenant, run_at, id) where state = 'ready';
