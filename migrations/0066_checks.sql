-- What the checks of each minute and the gauges look up: jobs that are held up.

-- Sales write jobs, and whoever waits for a lock here keeps them waiting behind itself: better to fail soon, and be run
-- again.
set local lock_timeout = '3s';

create index if not exists jobs_held_idx on jobs (queue, held_since)
    where held_since is not null and state in ('ready', 'sent', 'running');
