-- Jobs that are done leave `jobs` for partitions of the day on which they ended, which are dropped whole when their
-- retention is over. Those of the queue `geo` have partitions of their own, because they are kept for a shorter time.
--
-- Nothing is moved here. What programs of the release before finish, or have finished, stays in `jobs` until its retention
-- is over. `jobs_done_idx` and `jobs_geo_done_idx`, which find it, can be dropped by a later release.

create table finished_jobs (
    id uuid not null,
    queue text not null,
    kind text not null,
    payload jsonb not null,
    dedupe_key text,
    run_at timestamptz not null,
    attempt smallint not null,
    max_attempts smallint not null,
    crashes smallint not null,
    sent_at timestamptz,
    claimed_at timestamptz,
    finished_at timestamptz not null,
    last_error text,
    request_id text,
    trace_id text,
    created_at timestamptz not null,
    is_urgent boolean not null,
    tenant uuid not null,
    constraint finished_jobs_pkey primary key (id, finished_at, queue)
) partition by list (queue);
comment on table finished_jobs is 'Jobs that are done; columns as in jobs. The statement that settles a job moves it here. Partitions by queue (geo, other), and by UTC day of finished_at within these (finished_jobs_other_20261130); the job job_cleanup makes them ahead and drops old ones.';
create index finished_jobs_finished_idx on finished_jobs (finished_at, id);
create index finished_jobs_kind_idx on finished_jobs (kind, finished_at);
create index finished_jobs_dedupe_key_idx on finished_jobs (dedupe_key) where dedupe_key is not null;
create index finished_jobs_request_idx on finished_jobs (request_id) where request_id is not null;

create table finished_jobs_geo partition of finished_jobs for values in ('geo') partition by range (finished_at);
create table finished_jobs_other partition of finished_jobs default partition by range (finished_at);

-- A day whose partition is missing must not keep a job from being settled.
create table finished_jobs_geo_default partition of finished_jobs_geo default;
create table finished_jobs_other_default partition of finished_jobs_other default;
comment on table finished_jobs_geo_default is 'Jobs of days without a partition, normally none; deleted row by row.';
comment on table finished_jobs_other_default is 'Jobs of days without a partition, normally none; deleted row by row.';

-- Until job_cleanup runs.
do $$
declare
    day date := (now() at time zone 'UTC')::date;
begin
    for day in select generate_series(day, day + 1, interval '1 day') loop
        execute format(
            'create table finished_jobs_geo_%1$s partition of finished_jobs_geo for values from (%2$L) to (%3$L);
             create table finished_jobs_other_%1$s partition of finished_jobs_other for values from (%2$L) to (%3$L)',
            to_char(day, 'YYYYMMDD'), day || ' 00:00:00+00', day + 1 || ' 00:00:00+00'
        );
    end loop;
end
$$;

create view all_jobs as
select id, queue, kind, payload, dedupe_key, state, run_at, attempt, max_attempts, crashes, sent_at, process_id, claimed_at,
       deadline_at, finished_at, held_since, last_error, request_id, trace_id, created_at, is_urgent, tenant
from jobs
union all
select id, queue, kind, payload, dedupe_key, 'done', run_at, attempt, max_attempts, crashes, sent_at, null, claimed_at,
       null, finished_at, null, last_error, request_id, trace_id, created_at, is_urgent, tenant
from finished_jobs;
comment on view all_jobs is 'Every job of the ledger, whatever its state.';
comment on column jobs.dedupe_key is 'Unique in this table. ledger::enqueue writes no job whose key one of finished_jobs has, either.';
