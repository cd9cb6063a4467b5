-- Delimiter and decimal mark of a report's file, and reports of the same orders that differ in nothing else.

alter table reports
    add column delimiter text not null default ',' constraint reports_delimiter_check check (delimiter in (',', ';', 'tab')),
    add column decimal_mark text not null default '.' constraint reports_decimal_mark_check check (decimal_mark in ('.', ','));
comment on column reports.delimiter is 'What stands between two cells of its file.';
comment on column reports.decimal_mark is 'The decimal mark of sums in its file.';

-- The release before names reports_unfinished_key in its "on conflict", so the index must stay for now; but it allows
-- one unfinished report of the same orders only. An index does not reach into children of its table, so reports in
-- another dialect than ',' and '.' are kept in one, where the dialect is part of the key. Everything but the insertion
-- finds and changes them in the parent. The next release moves them there, with an index over the dialect as well.
create table reports_in_dialects (
    constraint reports_in_dialects_pkey primary key (id),
    constraint reports_in_dialects_company_fkey foreign key (company_id) references companies,
    constraint reports_in_dialects_requested_by_fkey foreign key (requested_by) references users on delete set null
) inherits (reports);
comment on table reports_in_dialects is 'Reports whose delimiter or decimal mark is not the standard one.';
create unique index reports_in_dialects_unfinished_key on reports_in_dialects (company_id, date_from, date_to, date_field, delimiter, decimal_mark) where status in ('Pending', 'Processing');
create index reports_in_dialects_company_idx on reports_in_dialects (company_id, id desc);
create index reports_in_dialects_unfinished_idx on reports_in_dialects (company_id, id) where status in ('Pending', 'Processing');
create index reports_in_dialects_requested_by_idx on reports_in_dialects (requested_by);
create index reports_in_dialects_admitted_idx on reports_in_dialects (id) where status in ('Pending', 'Processing') and admitted_at is not null;
create index reports_in_dialects_leavings_idx on reports_in_dialects (status, ended_at) where ended_at is not null and removed_at is null and attempt > 0;
