-- A number of :jobs that are due, of :tenants tenants: a hundredth of these has half of all. Ids begin with the time, like those
-- of the product.
\set ON_ERROR_STOP on
set synchronous_commit = off;
insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, created_at, tenant)
select (stamp || '7' || substr(noise, 1, 3) || '8' || substr(noise, 4, 15))::uuid, 'email', 'email_notification',
       jsonb_build_object('notification_id', 'ntf_' || stamp || '7' || substr(noise, 1, 3) || '8' || substr(noise, 4, 15)),
       'ntf_' || stamp || '7' || substr(noise, 1, 3) || '8' || substr(noise, 4, 15), at, 8, at,
       md5('tenant ' || case when n % 2 = 0 then n % greatest(:tenants / 100, 1) else n % :tenants end)::uuid
from (
    select n, now() - (:jobs - n) * interval '1 ms' as at, md5('job ' || n) as noise,
           lpad(to_hex((extract(epoch from now()) * 1000)::bigint - (:jobs - n)), 12, '0') as stamp
    from generate_series(1, :jobs) as n
) as due;
vacuum analyze;
