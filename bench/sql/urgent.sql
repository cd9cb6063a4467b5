-- An urgent job each tenth of a second, each in a transaction of its own, for as long as others wait.
do $$
declare
    job text;
begin
    while exists (select from jobs where queue = 'email' and state in ('ready', 'sent') and not is_urgent) loop
        job := replace(gen_random_uuid()::text, '-', '');
        insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, created_at, is_urgent, tenant)
        values (job::uuid, 'email', 'email_notification', jsonb_build_object('notification_id', 'ntf_' || job), 'ntf_' || job,
                clock_timestamp(), 8, clock_timestamp(), true, md5('somebody')::uuid);
        commit;
        perform pg_sleep(0.1);
        commit;
    end loop;
end
$$;
