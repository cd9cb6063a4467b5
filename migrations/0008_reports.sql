-- Reports of a company's orders (contract section 7), and the indexes by which a company walks its orders.

create table reports (
    id uuid constraint reports_pkey primary key,
    company_id uuid not null constraint reports_company_fkey references companies,
    requested_by uuid constraint reports_requested_by_fkey references users on delete set null,
    date_from date not null,
    date_to date not null,
    date_field text not null constraint reports_date_field_check check (date_field in ('createdAt', 'departureDate')),
    format text not null default 'csv' constraint reports_format_check check (format = 'csv'),
    status text not null default 'Pending' constraint reports_status_check check (status in ('Pending', 'Processing', 'Completed', 'Failed')),
    attempt smallint not null default 0,
    progress smallint not null default 0 constraint reports_progress_check check (progress between 0 and 100),
    row_count bigint,
    size_bytes bigint,
    sha256 text,
    object_key text,
    error_message text,
    created_at timestamptz not null,
    admitted_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    removed_at timestamptz,
    request_id text,
    trace_id text,
    constraint reports_range_check check (date_from <= date_to),
    constraint reports_ended_check check ((ended_at is not null) = (status in ('Completed', 'Failed')))
);
comment on column reports.date_from is 'First day, in the time zone of the company; date_to is the last one, inclusive.';
comment on column reports.attempt is 'Counts beginnings; only the attempt that it names may write progress and outcome.';
comment on column reports.admitted_at is 'When its job was written; null while other reports of the company have its turn.';
comment on column reports.object_key is 'Where the file is in the store, once it is complete. Each attempt writes its own object.';
comment on column reports.error_message is 'Why the last attempt failed, in words for the company; null once the report is complete.';
comment on column reports.ended_at is 'When it was completed or failed.';
comment on column reports.removed_at is 'When everything that its attempts left in the store was removed.';
comment on column reports.request_id is 'x-request-id of the request, for the job that may be written later; trace_id likewise.';
create unique index reports_unfinished_key on reports (company_id, date_from, date_to, date_field) where status in ('Pending', 'Processing');
create index reports_company_idx on reports (company_id, id desc);
create index reports_unfinished_idx on reports (company_id, id) where status in ('Pending', 'Processing');
create index reports_requested_by_idx on reports (requested_by);
create index reports_admitted_idx on reports (id) where status in ('Pending', 'Processing') and admitted_at is not null;
create index reports_leavings_idx on reports (status, ended_at) where ended_at is not null and removed_at is null and attempt > 0;

create index if not exists tickets_company_created_idx on tickets (company_id, created_at, id);
create index if not exists tickets_company_boarding_idx on tickets (company_id, boarding_at, id);
