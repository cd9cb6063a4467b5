-- What the ledger knows of claims that were taken from a process: whether it counts as a crash is settled later, when
-- the process turns out to live.

alter table jobs add column crashes_alone smallint not null default 0;
comment on column jobs.crashes is 'Attempts that ended with a dead process or a passed deadline, since an attempt last survived.';
comment on column jobs.crashes_alone is 'Those of them in which nothing else ran in the process.';
comment on column jobs.deadline_at is 'Set when the handler begins; a running job without one was claimed and has not begun.';

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
