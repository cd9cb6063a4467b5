-- Pay or book of one ticket in four round trips: begin, one read under the locks of departure and ticket, one write of all rows,
-- commit. -D number=0 -D clients=… -D tickets=… -D first=… -D payment=Paid|Booked -D event=paid|booked
\set number :number + 1
\set place (:first + :client_id + :clients * :number) % :tickets
begin;
select t.id as ticket, t.status, t.payment_status, t.created_at, t.price, t.seat, d.closed_at is not null as closed
from ideal.unpaid u
join tickets t on t.id = u.ticket_id
join departures d on (d.trip_id, d.service_day) = (t.trip_id, t.service_day)
where u.number = :place::bigint
for no key update of d, t \gset
with new as materialized (
    select ideal.id('history', :place::bigint, :number::bigint) as history, ideal.id('email', :place::bigint, :number::bigint) as email,
           ideal.id('job', :place::bigint, :number::bigint) as job
), ticket as (
    update tickets set status = 'Confirmed', payment_status = :payment::text, updated_at = now() where id = :ticket::uuid
), history as (
    insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id)
    select history, :ticket::uuid, now(), :event::text, 'Confirmed', :payment::text, 'prt_bench', 'bench' from new
), notification as (
    insert into notifications (id, ticket_id, history_id, channel, event, created_at)
    select email, :ticket::uuid, history, 'Email', :event::text, now() from new
)
insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, created_at)
select job, 'bench', 'email_notification', jsonb_build_object('notification_id', email), email::text, now(), 5, 'bench', now() from new;
commit;
