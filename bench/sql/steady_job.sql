-- For pgbench: one job, with the look-up of its key among the finished jobs that the ledger makes when it enqueues one.
begin;
insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, created_at, tenant, is_urgent)
select id, 'email', 'email_notification', jsonb_build_object('notification_id', key), key, at, 8, at,
       md5('a tenant')::uuid, false
from (select gen_random_uuid() as id, clock_timestamp() as at) as new,
     lateral (select 'ntf_' || replace(id::text, '-', '') as key) as named
returning dedupe_key as key \gset
select exists (select from finished_jobs where queue = 'email' and dedupe_key = :key);
commit;
