-- When work on an upload ended, so that those that failed lately can be counted, and its story told.

alter table timetable_uploads add column ended_at timestamptz;
comment on column timetable_uploads.ended_at is 'When its preview or publication ended, whichever was later; null while a job works on it, and for what ended before the column was there.';
create index timetable_uploads_ended_idx on timetable_uploads (ended_at) where ended_at is not null;
