-- The tables of the ledger, for a program that uses the ledger without the rest of this workspace: run this file in an
-- empty database. The platform gets the same from its migrations, which the README names; a test compares
-- (`worker/tests/it/alone.rs`).

create table processes (
    id uuid constraint processes_pkey primary key,
    name text not null,
    started_at timestamptz not null default now(),
    beat_at timestamptz not null default now()
);
comment on table processes is 'Worker processes that are alive. beat_at is database time; one that stops beating loses its jobs.';
create index processes_beat_idx on processes (beat_at);

create table jobs (
    id uuid constraint jobs_pkey primary key,
    queue text not null,
    kind text not null,
    payload jsonb not null,
    dedupe_key text constraint jobs_dedupe_key_key unique,
    state text not null default 'ready' constraint jobs_state_check check (state in ('ready', 'sent', 'running', 'done', 'dead', 'canceled')),
    run_at timestamptz not null,
    attempt smallint not null default 0,
    max_attempts smallint not null,
    crashes smallint not null default 0,
    sent_at timestamptz,
    epoch uuid,
    process_id uuid,
    claimed_at timestamptz,
    deadline_at timestamptz,
    finished_at timestamptz,
    last_error text,
    request_id text,
    trace_id text,
    created_at timestamptz not null,
    crashes_alone smallint not null default 0,
    held_since timestamptz,
    traceparent text,
    is_urgent boolean not null default false,
    tenant uuid not null default '00000000-0000-0000-0000-000000000000',
    failures jsonb not null default '[]'
);
comment on table jobs is 'ready: waits for run_at or for room in Redis. sent: its id is in Redis. running: claimed by a process. dead: parked, can be retried. canceled: a person decided that it is not run; can be retried.';
comment on column jobs.payload is 'Ids only; never personal data.';
comment on column jobs.dedupe_key is 'Unique in this table. ledger::enqueue writes no job whose key one of finished_jobs has, either.';
comment on column jobs.attempt is 'Rises when a worker claims the job, so that a crash counts.';
comment on column jobs.crashes is 'Attempts that ended with a dead process or a passed deadline, since an attempt last survived.';
comment on column jobs.sent_at is 'Database time.';
comment on column jobs.epoch is 'The Redis life it was sent into; rows of a former epoch were lost with it and are sent again.';
comment on column jobs.deadline_at is 'Set when the handler begins; a running job without one was claimed and has not begun.';
comment on column jobs.crashes_alone is 'Those of them in which nothing else ran in the process.';
comment on column jobs.held_since is 'Since when an external failure (a provider, a store) has held the job up; such attempts do not count. Null: it is not held up.';
comment on column jobs.traceparent is 'W3C Trace Context of the span that wrote it.';
comment on column jobs.is_urgent is 'Sent through the urgent list of its queue, which workers look into first.';
comment on column jobs.tenant is 'Whose work it is; zeros for the program itself. Each gets its turn, however much another has.';
comment on column jobs.failures is 'Failed attempts, the latest last, at most 20: attempt, at, error, process (name of the worker process; null if unknown). An attempt that did not count and was repeated with the same error has one entry, with times and until. A retry by hand keeps them.';
create index jobs_ready_idx on jobs (queue, run_at, id) where state = 'ready';
create index jobs_turn_idx on jobs (queue, is_urgent, tenant, run_at, id) where state = 'ready';
create index jobs_sent_idx on jobs (queue, sent_at) where state = 'sent';
create index jobs_running_idx on jobs (process_id) where state = 'running';
create index jobs_dead_idx on jobs (finished_at desc) where state = 'dead';
create index jobs_dead_queue_idx on jobs (queue, run_at) where state = 'dead';
create index jobs_canceled_idx on jobs (finished_at) where state = 'canceled';
create index jobs_request_idx on jobs (request_id) where request_id is not null;
create index jobs_held_idx on jobs (queue, held_since)
    where held_since is not null and state in ('ready', 'sent', 'running');

create table job_losses (
    job_id uuid not null,
    attempt smallint not null,
    process_id uuid not null,
    is_crash boolean not null,
    is_alone boolean not null,
    lost_at timestamptz not null default now(),
    constraint job_losses_pkey primary key (job_id, attempt)
);
comment on table job_losses is 'Begun attempts that were taken from their process. Kept for a day: the process may come back, take the crash back, and report an outcome. No foreign key: jobs are deleted in bulk, and a row here is only ever looked up by its job.';
comment on column job_losses.is_crash is 'Counted in jobs.crashes; false when the process existed but did not answer, or came back.';
comment on column job_losses.is_alone is 'Counted in jobs.crashes_alone as well.';
create index job_losses_process_idx on job_losses (process_id);
create index job_losses_lost_idx on job_losses (lost_at);

create table schedules (
    name text constraint schedules_pkey primary key,
    next_at timestamptz not null
);
comment on table schedules is 'When each schedule fires next. Claimed with a row lock, so any number of schedulers may run.';

create table paused_queues (
    queue text constraint paused_queues_pkey primary key,
    paused_at timestamptz not null default now()
);
comment on table paused_queues is 'Queues into which the relay sends nothing.';

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
    failures jsonb not null default '[]',
    constraint finished_jobs_pkey primary key (id, finished_at, queue)
) partition by list (queue);
comment on table finished_jobs is 'Jobs that are done; columns as in jobs. The statement that settles a job moves it here.';
create index finished_jobs_finished_idx on finished_jobs (finished_at, id);
create index finished_jobs_kind_idx on finished_jobs (kind, finished_at);
create index finished_jobs_dedupe_key_idx on finished_jobs (dedupe_key) where dedupe_key is not null;
create index finished_jobs_request_idx on finished_jobs (request_id) where request_id is not null;

-- A queue whose jobs are kept for another time gets a partition of its own beside this one.
create table finished_jobs_other partition of finished_jobs default partition by range (finished_at);
create table finished_jobs_other_default partition of finished_jobs_other default;
comment on table finished_jobs_other_default is 'Jobs of days without a partition. The program may create partitions of finished_jobs_other by UTC day ahead, which are dropped as a whole; from this one, it deletes rows.';

create view all_jobs as
select id, queue, kind, payload, dedupe_key, state, run_at, attempt, max_attempts, crashes, sent_at, process_id, claimed_at,
       deadline_at, finished_at, held_since, last_error, request_id, trace_id, created_at, is_urgent, tenant, failures
from jobs
union all
select id, queue, kind, payload, dedupe_key, 'done', run_at, attempt, max_attempts, crashes, sent_at, null, claimed_at,
       null, finished_at, null, last_error, request_id, trace_id, created_at, is_urgent, tenant, failures
from finished_jobs;
comment on view all_jobs is 'Every job of the ledger, whatever its state.';

create function job_error_pattern(error text) returns text language sql immutable parallel safe as $$
    select regexp_replace(left(error, 500), '[a-z]{3}_[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+', '#', 'g')
$$;
comment on function job_error_pattern is 'An error of a job with # for every id and number in it, so that equal errors of different jobs are equal texts.';

create function job_failures(
    failures jsonb, attempt smallint, at timestamptz, error text, process text, may_repeat boolean
) returns jsonb language sql stable parallel safe as $$
    select case
        when may_repeat and failures -> -1 ->> 'error' = error then jsonb_set(
            failures, '{-1}',
            (failures -> -1) || jsonb_build_object(
                'times', coalesce((failures -> -1 ->> 'times')::integer, 1) + 1, 'until', at
            )
        )
        else (case when jsonb_array_length(failures) < 20 then failures else failures - 0 end)
             || jsonb_build_object('attempt', attempt, 'at', at, 'error', error, 'process', process)
    end
$$;
comment on function job_failures is 'The failures of a job with one more. may_repeat: the attempt did not count, nor did the one before; if both have the same error, they share an entry.';
