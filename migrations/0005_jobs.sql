-- The job ledger: a job exists if and only if its row was committed. Redis only carries ids.

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
    state text not null default 'ready' constraint jobs_state_check check (state in ('ready', 'sent', 'running', 'done', 'dead')),
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
    created_at timestamptz not null
);
comment on table jobs is 'ready: waits for run_at or for room in Redis. sent: its id is in Redis. running: claimed by a process. dead: parked, can be replayed.';
comment on column jobs.payload is 'Ids only; never personal data.';
comment on column jobs.attempt is 'Rises when a worker claims the job, so that a crash counts.';
comment on column jobs.crashes is 'Claims that ended with a dead process or a passed deadline.';
comment on column jobs.epoch is 'The Redis life it was sent into; rows of a former epoch were lost with it and are sent again.';
comment on column jobs.sent_at is 'Database time.';
create index jobs_ready_idx on jobs (queue, run_at, id) where state = 'ready';
create index jobs_sent_idx on jobs (queue, sent_at) where state = 'sent';
create index jobs_running_idx on jobs (process_id) where state = 'running';
create index jobs_dead_idx on jobs (finished_at desc) where state = 'dead';
create index jobs_done_idx on jobs (finished_at) where state = 'done';

create table schedules (
    name text constraint schedules_pkey primary key,
    next_at timestamptz not null
);
comment on table schedules is 'When each schedule of scheduler/src/cron fires next. Claimed with a row lock, so any number of schedulers may run.';
