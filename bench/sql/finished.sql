-- A day of :jobs jobs that are done, 40 days ago, longer than they are kept: in a partition of its own, like those of
-- the product, and in `plain_jobs`, a table with the same columns and indexes. Prints the name of the partition, and
-- how many jobs each of both has.
\set ON_ERROR_STOP on
set synchronous_commit = off;
select format('finished_jobs_other_%s', to_char(day, 'YYYYMMDD')) as partition, day || ' 00:00:00+00' as start,
       day + 1 || ' 00:00:00+00' as stop
from (select (now() at time zone 'UTC')::date - 40 as day) as expired \gset
create table :"partition" partition of finished_jobs_other for values from (:'start') to (:'stop');

insert into :"partition" (id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, sent_at,
                          claimed_at, finished_at, created_at, is_urgent, tenant)
select id, 'email', 'email_notification', jsonb_build_object('notification_id', 'ntf_' || replace(id::text, '-', '')),
       'ntf_' || replace(id::text, '-', ''), at, 1, 8, 0, at, at, at, at, false, md5('tenant ' || n % 1000)::uuid
from (
    select n, at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(noise, 1, 3) || '8'
                   || substr(noise, 4, 15))::uuid as id
    from (
        select n, timestamptz :'start' + n * (interval '1 day' / :jobs) as at, md5('job ' || n) as noise
        from generate_series(0, :jobs - 1) as n
    ) as timed
) as made;

create table plain_jobs (like finished_jobs including all);
insert into plain_jobs select * from :"partition";
vacuum analyze :"partition";
vacuum analyze plain_jobs;
checkpoint;
select :'partition', (select count(*) from :"partition"), (select count(*) from plain_jobs);
