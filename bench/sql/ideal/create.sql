-- A booking of one passenger in four round trips: begin, one read of all that the decision needs under the departure's lock,
-- one write of the rows that POST /v2/bookings writes, commit. -D number=0 -D clients=… -D departures=… -D round=…
\set number :number + 1
\set place (:client_id + :clients * :number) % :departures
\set seat 1 + (:client_id + :clients * :number) / :departures
begin;
select d.trip_id as trip, d.service_day as day, i.company_id as company, i.boarding, i.alighting, i.taken + :seat::int as place_taken,
       k.partner_id as partner, d.closed_at is not null as closed, b.seats, publication.version,
       (select p.accesses::text from partner_permissions p where (p.partner_id, p.company_id) = (k.partner_id, i.company_id)) as accesses,
       (select json_agg(json_build_array(h.seat, h.stretch, h.ticket_id, t.status, t.payment_status, t.created_at))::text
        from seat_holds h join tickets t on t.id = h.ticket_id
        where (h.trip_id, h.service_day) = (d.trip_id, d.service_day)) as held
from ideal.departures i
join departures d on (d.trip_id, d.service_day) = (i.trip_id, i.service_day)
join buses b on b.id = d.bus_id
cross join publication
join api_keys k on k.secret_hash = (select secret_hash from api_keys order by id limit 1)
where i.number = :place::bigint
for no key update of d \gset
with new as materialized (
    select ideal.id('booking', :client_id::bigint, :number::bigint + :round::bigint) as booking,
           ideal.id('passenger', :client_id::bigint, :number::bigint + :round::bigint) as passenger,
           ideal.id('phone', :client_id::bigint, :number::bigint + :round::bigint) as phone,
           ideal.id('ticket', :client_id::bigint, :number::bigint + :round::bigint) as ticket,
           ideal.id('history', :client_id::bigint, :number::bigint + :round::bigint) as history,
           ideal.id('email', :client_id::bigint, :number::bigint + :round::bigint) as email,
           ideal.id('viber', :client_id::bigint, :number::bigint + :round::bigint) as viber,
           ideal.id('email job', :client_id::bigint, :number::bigint + :round::bigint) as email_job,
           ideal.id('viber job', :client_id::bigint, :number::bigint + :round::bigint) as viber_job
), booking as (
    insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at, reference)
    select booking, :partner::uuid, 'UK', 'UAH', now(), now(), now(), right(booking::text, 12) from new
), passenger as (
    insert into passengers (id, first_name, last_name, email) select passenger, 'Olena', 'Bench', 'olena@example.com' from new
), phone as (
    insert into passenger_phones (id, passenger_id, position, phone, messengers)
    select phone, passenger, 0, '+380671234567', '{Viber}' from new
), ticket as (
    insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
                         alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency,
                         prepaid, created_at, updated_at, reference)
    select ticket, booking, :partner::uuid, :company::uuid, passenger, :trip::uuid, :day::date, :boarding::smallint,
           :alighting::smallint, now(), :place_taken::smallint, 'Processing', 'Unpaid', booking, 1000, 1000, 'UAH', 0, now(), now(),
           right(ticket::text, 12)
    from new
), hold as (
    insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
    select ticket, :trip::uuid, :day::date, :place_taken::smallint, int4range(:boarding::int, :alighting::int) from new
), history as (
    insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id)
    select history, ticket, now(), 'created', 'Processing', 'Unpaid', 'prt_bench', 'bench' from new
), notification as (
    insert into notifications (id, ticket_id, history_id, channel, event, created_at)
    select way.id, ticket, history, way.channel, 'created', now()
    from new, lateral (values (email, 'Email'), (viber, 'Viber')) as way (id, channel)
)
insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, created_at)
select way.id, 'bench', way.kind, jsonb_build_object('notification_id', way.notification), way.notification::text, now(), 5, 'bench', now()
from new, lateral (values (email_job, 'email_notification', email), (viber_job, 'viber_notification', viber)) as way (id, kind, notification);
commit;
