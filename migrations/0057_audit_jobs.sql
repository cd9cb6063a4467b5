-- The jobs that an action on all jobs of a filter changed, so that the audit trail and the event history of one job find
-- the action. Actions of before are found by their filter only.
create table audit_jobs (
    job_id uuid not null,
    entry_id uuid not null constraint audit_jobs_entry_fkey references audit_entries,
    constraint audit_jobs_pkey primary key (job_id, entry_id)
);
comment on table audit_jobs is 'Jobs that an entry of the audit trail is about, if it is about several. Never changed.';
create index audit_jobs_entry_idx on audit_jobs (entry_id);
create trigger audit_jobs_are_kept before update or delete or truncate on audit_jobs
    for each statement execute function keep_audit_entries();
