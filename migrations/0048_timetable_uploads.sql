-- Timetables that companies upload, and what was published before.

create table timetable_uploads (
    id uuid constraint timetable_uploads_pkey primary key,
    company_id uuid not null constraint timetable_uploads_company_fkey references companies,
    uploaded_by uuid constraint timetable_uploads_uploaded_by_fkey references users on delete set null,
    kind text not null default 'Upload' constraint timetable_uploads_kind_check check (kind in ('Upload', 'Undo')),
    status text not null constraint timetable_uploads_status_check
        check (status in ('Receiving', 'Checking', 'Ready', 'Refused', 'Publishing', 'Published', 'Failed')),
    attempt smallint not null default 0,
    phase text not null default 'Waiting' constraint timetable_uploads_phase_check
        check (phase in ('Waiting', 'Reading', 'Comparing', 'Writing', 'Tickets', 'Done')),
    size_bytes bigint,
    sha256 text,
    job_key text,
    report jsonb,
    error_message text,
    former bytea,
    created_at timestamptz not null,
    checked_at timestamptz,
    published_at timestamptz,
    removed_at timestamptz,
    constraint timetable_uploads_published_check check ((published_at is not null) = (status = 'Published')),
    constraint timetable_uploads_job_check check (job_key is not null or status not in ('Checking', 'Publishing'))
);
comment on table timetable_uploads is 'Timetables that companies upload; each is previewed by a job and published by another one.';
comment on column timetable_uploads.kind is 'Undo: it has no archive, and brings back the timetable that the former publication replaced.';
comment on column timetable_uploads.status is 'Receiving: the archive is on its way, nobody is shown the row. Ready: it was previewed.';
comment on column timetable_uploads.attempt is 'Counts beginnings of jobs; only the attempt that it names may write progress and outcome.';
comment on column timetable_uploads.sha256 is 'Of the archive, in hex.';
comment on column timetable_uploads.job_key is 'Key of the latest job of the upload in the ledger.';
comment on column timetable_uploads.report is 'What the preview or the publication said, with bounded lists.';
comment on column timetable_uploads.error_message is 'Why it was refused or failed, in words for the company.';
comment on column timetable_uploads.former is 'The timetable that its publication replaced (gzip of JSON); only the latest publication of a company has it.';
comment on column timetable_uploads.checked_at is 'When its preview ended.';
comment on column timetable_uploads.removed_at is 'When its archive was removed.';
create index timetable_uploads_company_idx on timetable_uploads (company_id, id desc) where status <> 'Receiving';
create index timetable_uploads_unfinished_idx on timetable_uploads (company_id, id) where status in ('Receiving', 'Checking', 'Publishing');
create index timetable_uploads_former_idx on timetable_uploads (company_id) where former is not null;
create index timetable_uploads_uploaded_by_idx on timetable_uploads (uploaded_by);
create index timetable_uploads_archives_idx on timetable_uploads (created_at) where removed_at is null;
create index timetable_uploads_published_idx on timetable_uploads (company_id, published_at desc) where published_at is not null;
