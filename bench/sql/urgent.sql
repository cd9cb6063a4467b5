-- Each tenth of a second, for as long as the backlog lasts: an urgent job, and a normal one of a tenant that has no others,
-- in one transaction.
do $$
declare
    is_urgent boolean;
    job text;
begin
    while exists (select from jobs j where queue = 'email' and state in ('ready', 'sent') and not j.is_urgent
                      and tenant <> md5('newcomer')::uuid) loop
        foreach is_urgent in array array[true, false] loop
            job := replace(gen_random_uuid()::text, '-', '');
            insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, created_at, is_urgent, tenant)
            values (job::uuid, 'email', 'email_notification', jsonb_build_object('notification_id', 'ntf_' || job), 'ntf_' || job,
                    clock_timestamp(), 8, clock_timestamp(), is_urgent,
                    md5(case when is_urgent then 'somebody' else 'newcomer' end)::uuid);
        end loop;
        commit;
        perform pg_sleep(0.1);
        commit;
    end loop;
end
$$;
