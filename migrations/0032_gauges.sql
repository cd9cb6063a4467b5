-- Gauges of the ledger count parked jobs by queue; a list of one queue's parked jobs walks it too.
create index if not exists jobs_dead_queue_idx on jobs (queue, finished_at desc) where state = 'dead';

-- Reports that ended lately, for a gauge.
create index if not exists reports_ended_idx on reports (ended_at) where ended_at is not null;
create index if not exists reports_in_dialects_ended_idx on reports_in_dialects (ended_at) where ended_at is not null;
