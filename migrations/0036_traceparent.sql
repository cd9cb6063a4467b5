-- The whole trace context of what caused a job, so that its attempts are spans of the trace of the request. `trace_id`
-- is written beside it as long as a release that reads it alone may run.

alter table jobs add column traceparent text;
comment on column jobs.traceparent is 'W3C Trace Context of the span that wrote it; null in rows of releases that knew trace_id only.';

-- Its child `reports_in_dialects` gets the column too.
alter table reports add column traceparent text;
comment on column reports.traceparent is 'W3C Trace Context of the request, for the job that may be written later.';
