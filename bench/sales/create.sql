-- One POST /v2/bookings as PostgreSQL sees it: the statements of common::app::booking::create in their order, for one
-- passenger on a departure that is not sold for the first time. The first statement stands in for the offer token.
-- -D number=0 -D clients=… -D departures=…
\set number :number + 1
\set place (:client_id + :clients * :number) % :departures
\set seat 1 + (:client_id + :clients * :number) / :departures
select trip_id as trip, service_day as day, company_id as company, boarding, alighting, taken
from bench.departures where number = :place::bigint \gset
select id as key, partner_id as partner, last_used_at from api_keys
where secret_hash = (select secret_hash from api_keys order by id limit 1) and environment = 'local' and revoked_at is null \gset
select version from publication;
begin;
select id, company_id, accesses from partner_permissions where partner_id = :partner::uuid;
select d.trip_id, d.service_day, d.closed_at is not null as "closed!"
from unnest(array[:trip::uuid], array[:day::date]) as wanted (trip_id, service_day)
join departures d using (trip_id, service_day)
order by d.trip_id, d.service_day
for no key update of d;
select version from publication;
select id from tickets
where trip_id = :trip::uuid and service_day = :day::date and status = 'Processing' and payment_status = 'Unpaid'
  and created_at <= now() - interval '20 minutes'
order by id for update;
select b.seats, h.ticket_id, h.seat, h.stretch, t.status <> 'Processing'
from departures d
join buses b on b.id = d.bus_id
left join (seat_holds h join tickets t on t.id = h.ticket_id)
     on (h.trip_id, h.service_day) = (d.trip_id, d.service_day)
where d.trip_id = :trip::uuid and d.service_day = :day::date
order by h.ticket_id;
insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
values (bench.id('booking', :client_id::bigint, :number::bigint), :partner::uuid, 'UK', 'UAH', now(), now(), now());
with added as (
    insert into passengers (id, first_name, last_name, email)
    select * from unnest(array[bench.id('passenger', :client_id::bigint, :number::bigint)], array['Olena'], array['Bench'],
                         array['olena@example.com'])
)
insert into passenger_phones (id, passenger_id, position, phone, messengers)
select id, passenger_id, position, phone, string_to_array(messengers, ',')
from unnest(array[bench.id('phone', :client_id::bigint, :number::bigint)], array[bench.id('passenger', :client_id::bigint, :number::bigint)],
            array[0::smallint], array['+380671234567'], array['Viber'])
     as new (id, passenger_id, position, phone, messengers);
insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                     boarding_position, alighting_position, boarding_at, seat, status, payment_status,
                     price_id, price, full_price, currency, discount_id, prepaid, note, created_at, updated_at)
select id, bench.id('booking', :client_id::bigint, :number::bigint), :partner::uuid, :company::uuid, passenger_id, :trip::uuid,
       :day::date, :boarding::smallint, :alighting::smallint, now(), seat, 'Processing', 'Unpaid',
       bench.id('price', :client_id::bigint, :number::bigint), price, 1000, 'UAH', discount_id, prepaid, null, now(), now()
from unnest(array[bench.id('ticket', :client_id::bigint, :number::bigint)], array[bench.id('passenger', :client_id::bigint, :number::bigint)],
            array[(:seat::int + :taken::int)::smallint], array[1000::numeric], array[null::uuid], array[0::numeric])
     as new (id, passenger_id, seat, price, discount_id, prepaid);
insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
select ticket_id, :trip::uuid, :day::date, seat, int4range(boarding, alighting)
from unnest(array[bench.id('ticket', :client_id::bigint, :number::bigint)], array[(:seat::int + :taken::int)::smallint],
            array[:boarding::int], array[:alighting::int])
     as taken (ticket_id, seat, boarding, alighting);
insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id)
select id, ticket_id, now(), action, status, payment_status, 'prt_bench', 'bench'
from unnest(array[bench.id('history', :client_id::bigint, :number::bigint)], array[bench.id('ticket', :client_id::bigint, :number::bigint)],
            array['created'], array['Processing'], array['Unpaid'])
     as new (id, ticket_id, action, status, payment_status);
insert into notifications (id, ticket_id, history_id, channel, event, created_at)
select way.id, new.ticket_id, new.history_id, way.channel, new.event, now()
from unnest(array[bench.id('ticket', :client_id::bigint, :number::bigint)], array[bench.id('history', :client_id::bigint, :number::bigint)],
            array['created'], array[bench.id('email', :client_id::bigint, :number::bigint)], array[bench.id('viber', :client_id::bigint, :number::bigint)])
     as new (ticket_id, history_id, event, email_id, viber_id)
join tickets t on t.id = new.ticket_id
join passengers p on p.id = t.passenger_id
cross join lateral (values
    (new.email_id, 'Email', p.email <> ''),
    (new.viber_id, 'Viber', exists (select from passenger_phones f
                                    where f.passenger_id = p.id and 'Viber' = any (f.messengers)))
) as way (id, channel, wanted)
where way.wanted
on conflict (history_id, channel) do nothing
returning id, channel;
insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id, created_at)
select id, queue, kind, payload, dedupe_key, run_at, max_attempts, 'bench', null, now()
from unnest(array[bench.id('mail job', :client_id::bigint, :number::bigint), bench.id('viber job', :client_id::bigint, :number::bigint)],
            array['bench', 'bench'], array['email_notification', 'viber_notification'],
            array[jsonb_build_object('notification_id', bench.id('email', :client_id::bigint, :number::bigint)),
                  jsonb_build_object('notification_id', bench.id('viber', :client_id::bigint, :number::bigint))],
            array[bench.id('email', :client_id::bigint, :number::bigint)::text, bench.id('viber', :client_id::bigint, :number::bigint)::text],
            array[now(), now()], array[5::smallint, 5::smallint])
     as new (id, queue, kind, payload, dedupe_key, run_at, max_attempts)
on conflict (dedupe_key) do nothing;
commit;
