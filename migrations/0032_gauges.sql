-- Gauges count the parked jobs of each queue, up to a limit. The order is not that of jobs_dead_idx, so that the planner
-- does not walk that one past the jobs of other queues.
create index if not exists jobs_dead_queue_idx on jobs (queue, run_at) where state = 'dead';

-- Reports that ended lately, for a gauge.
create index if not exists reports_ended_idx on reports (ended_at) where ended_at is not null;
create index if not exists reports_in_dialects_ended_idx on reports_in_dialects (ended_at) where ended_at is not null;
