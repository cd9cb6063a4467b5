-- Why each attempt of a job failed, not only the last. Programs of the release before neither read nor write it.

-- Sales write jobs, and whoever waits for a lock here keeps them waiting behind itself: better to fail soon, and be run
-- again.
set local lock_timeout = '3s';

alter table jobs add column failures jsonb not null default '[]';
alter table finished_jobs add column failures jsonb not null default '[]';
comment on column jobs.failures is 'Failed attempts, the latest last, at most 20: attempt, at, error, process (name of the worker process; null if unknown). An attempt that did not count and was repeated with the same error has one entry, with times and until. A retry by hand keeps them.';

create or replace view all_jobs as
select id, queue, kind, payload, dedupe_key, state, run_at, attempt, max_attempts, crashes, sent_at, process_id, claimed_at,
       deadline_at, finished_at, held_since, last_error, request_id, trace_id, created_at, is_urgent, tenant, failures
from jobs
union all
select id, queue, kind, payload, dedupe_key, 'done', run_at, attempt, max_attempts, crashes, sent_at, null, claimed_at,
       null, finished_at, null, last_error, request_id, trace_id, created_at, is_urgent, tenant, failures
from finished_jobs;

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

-- Jobs that nobody handles for 90 days are discarded by the job job_cleanup, which finds them by jobs_dead_idx.
comment on column audit_entries.actor is 'Id of a person, cli: and a name from the command line, or system for the platform itself.';
