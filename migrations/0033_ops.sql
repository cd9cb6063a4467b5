-- People of the platform itself, what they may do to the job platform, and the trail of what they did.

alter table accesses
    drop constraint accesses_context_check,
    drop constraint accesses_role_check,
    drop constraint accesses_one_context_check,
    add constraint accesses_context_check check (context_type in ('COMPANY', 'PARTNER', 'PLATFORM')),
    add constraint accesses_role_check check (
        role in ('ADMIN', 'MANAGER', 'DISPATCHER', 'ACCOUNTANT', 'OPERATOR')
        and (role = 'OPERATOR') = (context_type = 'PLATFORM')
    ),
    add constraint accesses_one_context_check check (
        (context_type = 'COMPANY' and company_id is not null and partner_id is null)
        or (context_type = 'PARTNER' and partner_id is not null and company_id is null)
        or (context_type = 'PLATFORM' and company_id is null and partner_id is null)
    );

-- A person decides that a job is not run. Programs of the release before count no such job and run none.
alter table jobs
    drop constraint jobs_state_check,
    add constraint jobs_state_check check (state in ('ready', 'sent', 'running', 'done', 'dead', 'canceled')) not valid;
create index jobs_canceled_idx on jobs (finished_at) where state = 'canceled';
comment on table jobs is 'ready: waits for run_at or for room in Redis. sent: its id is in Redis. running: claimed by a process. dead: parked, can be retried. canceled: a person decided that it is not run; can be retried.';

create table paused_queues (
    queue text constraint paused_queues_pkey primary key,
    paused_at timestamptz not null default now()
);
comment on table paused_queues is 'Queues into which the relay sends nothing. Who paused them and why is in audit_entries.';

create table audit_entries (
    id uuid constraint audit_entries_pkey primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    reason text not null,
    details jsonb not null default '{}',
    request_id text
);
comment on table audit_entries is 'What people of the platform did, over the API or on the command line: who, when, what, to what, and why. Written in the transaction of the act, never changed.';
comment on column audit_entries.actor is 'Id of a person, or cli: and a name from the command line.';
comment on column audit_entries.subject is 'Id of a job, name of a queue, or the filter that named the jobs.';
comment on column audit_entries.details is 'Counts and ids; never personal data.';
create index audit_entries_subject_idx on audit_entries (subject, id desc);

create function keep_audit_entries() returns trigger language plpgsql as $$
begin
    raise exception 'entries of the audit trail are never changed';
end
$$;
create trigger audit_entries_are_kept before update or delete or truncate on audit_entries
    for each statement execute function keep_audit_entries();

create function job_error_pattern(error text) returns text language sql immutable parallel safe as $$
    select regexp_replace(left(error, 500), '[a-z]{3}_[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+', '#', 'g')
$$;
comment on function job_error_pattern is 'An error of a job with # for every id and number in it, so that equal errors of different jobs are equal texts.';
