-- Scheduled reports: what a company wants to be made again and again, each time that it was due, and the mails about it.

create table report_schedules (
    id uuid constraint report_schedules_pkey primary key,
    company_id uuid not null constraint report_schedules_company_fkey references companies,
    created_by uuid constraint report_schedules_created_by_fkey references users on delete set null,
    period text not null constraint report_schedules_period_check
        check (period in ('yesterday', 'lastWeek', 'thisWeek', 'next7Days', 'thisMonth', 'lastMonth')),
    date_field text not null constraint report_schedules_date_field_check check (date_field in ('createdAt', 'departureDate')),
    delimiter text not null constraint report_schedules_delimiter_check check (delimiter in (',', ';', 'tab')),
    decimal_mark text not null constraint report_schedules_decimal_mark_check check (decimal_mark in ('.', ',')),
    weekdays smallint constraint report_schedules_weekdays_check check (weekdays between 1 and 127),
    day_of_month smallint constraint report_schedules_day_of_month_check check (day_of_month between 1 and 31),
    local_time time not null,
    language text not null,
    recipients text[] not null constraint report_schedules_recipients_check check (cardinality(recipients) <= 10),
    enabled boolean not null,
    next_at timestamptz,
    created_at timestamptz not null,
    constraint report_schedules_days_check check ((weekdays is null) <> (day_of_month is null)),
    constraint report_schedules_next_check check ((next_at is not null) = enabled),
    constraint report_schedules_reached_check check (not enabled or cardinality(recipients) > 0)
);
comment on column report_schedules.period is 'Which days a report covers, seen from the day on which it is due.';
comment on column report_schedules.weekdays is 'A bit for each day of the week on which it is due, 1 for Monday; null with a day of the month.';
comment on column report_schedules.day_of_month is 'The last day of months that have fewer.';
comment on column report_schedules.local_time is 'In the time zone of the company.';
comment on column report_schedules.language is 'Of the mails.';
comment on column report_schedules.next_at is 'When it is due next; null while it is disabled.';
create index report_schedules_company_idx on report_schedules (company_id, id);
create index report_schedules_created_by_idx on report_schedules (created_by);
create index report_schedules_next_idx on report_schedules (next_at) where next_at is not null;

create table report_runs (
    id uuid constraint report_runs_pkey primary key,
    schedule_id uuid not null constraint report_runs_schedule_fkey references report_schedules on delete cascade,
    due_at timestamptz not null,
    report_id uuid,
    passed_on_at timestamptz,
    created_at timestamptz not null,
    constraint report_runs_schedule_due_key unique (schedule_id, due_at)
);
comment on table report_runs is 'Each time that a schedule was due, for some weeks; the latest one for as long as the schedule.';
comment on column report_runs.report_id is 'Its report; null until that is asked for. No foreign key: the row may be in a child of reports.';
comment on column report_runs.passed_on_at is 'When the job was written that writes the mails, after the report had ended.';
create index report_runs_unfinished_idx on report_runs (report_id) where report_id is not null and passed_on_at is null;

create table report_mails (
    id uuid constraint report_mails_pkey primary key,
    run_id uuid not null constraint report_mails_run_fkey references report_runs on delete cascade,
    recipient text not null,
    link text,
    link_ends_at timestamptz,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint report_mails_run_recipient_key unique (run_id, recipient),
    constraint report_mails_link_check check (link is null or link_ends_at is not null)
);
comment on column report_mails.link is 'Signed, to the file; removed when the mail has left.';
comment on column report_mails.link_ends_at is 'When the link ends; null when the mail says that there is no file.';
comment on column report_mails.sent_at is 'When the mail server took the mail.';
