-- Cancel of one ticket in four round trips: begin, one read under the locks of departure and ticket with permission and refund
-- rules, one write of all rows, commit. -D number=0 -D clients=… -D tickets=… -D first=…
\set number :number + 1
\set place (:first + :client_id + :clients * :number) % :tickets
begin;
select t.id as ticket, t.status, t.payment_status, t.created_at, t.price, t.boarding_at, t.seat,
       (select p.accesses::text from partner_permissions p where (p.partner_id, p.company_id) = (t.partner_id, t.company_id)) as accesses,
       (select json_agg(r)::text from refund_rules r where r.company_id = t.company_id) as refunds
from ideal.unpaid u
join tickets t on t.id = u.ticket_id
join departures d on (d.trip_id, d.service_day) = (t.trip_id, t.service_day)
where u.number = :place::bigint
for no key update of d, t \gset
with new as materialized (
    select ideal.id('history', :place::bigint, :number::bigint) as history, ideal.id('email', :place::bigint, :number::bigint) as email,
           ideal.id('job', :place::bigint, :number::bigint) as job
), ticket as (
    update tickets set status = 'Canceled', updated_at = now() where id = :ticket::uuid
), hold as (
    delete from seat_holds where ticket_id = :ticket::uuid
), history as (
    insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id)
    select history, :ticket::uuid, now(), 'canceled', 'Canceled', 'Unpaid', 'prt_bench', 'bench' from new
), notification as (
    insert into notifications (id, ticket_id, history_id, channel, event, created_at)
    select email, :ticket::uuid, history, 'Email', 'canceled', now() from new
)
insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, created_at)
select job, 'bench', 'email_notification', jsonb_build_object('notification_id', email), email::text, now(), 5, 'bench', now() from new;
commit;
