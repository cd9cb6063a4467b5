-- What a request caused is found by its id. On large tables both are built by hand before the release (create index
-- concurrently). What a job is about needs no index of its own: its dedupe_key is the id of the message or the report.
create index if not exists ticket_history_request_idx on ticket_history (request_id) where request_id is not null;
create index if not exists jobs_request_idx on jobs (request_id) where request_id is not null;
create index if not exists reports_request_idx on reports (request_id) where request_id is not null;
create index if not exists reports_in_dialects_request_idx on reports_in_dialects (request_id) where request_id is not null;
