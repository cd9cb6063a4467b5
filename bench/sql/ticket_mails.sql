-- A mail with a ticket each tenth of a second, as a payment writes it, each in a transaction of its own, for as long as
-- other mails wait.
do $$
declare
    message uuid;
    line uuid;
    number bigint := 0;
begin
    while exists (select from jobs where queue = 'email' and state in ('ready', 'sent') and not is_urgent) loop
        message := gen_random_uuid();
        line := gen_random_uuid();
        insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
        select line, id, clock_timestamp(), 'paid', 'Confirmed', 'Paid', 'system' from tickets order by id offset number limit 1;
        insert into notifications (id, ticket_id, history_id, channel, event, created_at)
        select message, ticket_id, id, 'Email', 'paid', clock_timestamp() from ticket_history where id = line;
        insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, created_at, is_urgent, tenant)
        select gen_random_uuid(), 'email', 'email_notification', jsonb_build_object('notification_id', key), key,
               clock_timestamp(), 10, clock_timestamp(), true, tickets.partner_id
        from notifications join tickets on tickets.id = ticket_id,
             lateral (select 'ntf_' || replace(notifications.id::text, '-', '') as key) keyed
        where notifications.id = message;
        commit;
        number := (number + 1) % 100;
        perform pg_sleep(0.1);
        commit;
    end loop;
end
$$;
