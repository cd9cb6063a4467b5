-- A number of :tickets of the demo's partner on departures of the next :days days: every departure of the popular pairs of
-- mix.sql carries some, of the others a :share; most carry few, some are nearly full. A share of :paid is paid. They board
-- and alight where a city is: the product sells nothing else.
\ir reference.sql
select setseed(0.5) \gset

create temp table chosen as
select t.id as trip_id, days.day as service_day, t.bus_id, r.company_id, calls.positions, 1 + (random() ^ 3 * 40)::int as tickets
from trips t
join services s on s.id = t.service_id
join routes r on r.id = t.route_id
join (select trip_id, array_agg(position order by position) as positions
      from stop_times c join stops p on p.id = c.stop_id where p.city_id is not null group by trip_id) as calls on calls.trip_id = t.id
cross join lateral unnest(s.days) as days (day)
cross join lateral (select exists (
    select from stop_times a join stops sa on sa.id = a.stop_id join cities ca on ca.id = sa.city_id
    join stop_times b on b.trip_id = a.trip_id and b.position > a.position
    join stops sb on sb.id = b.stop_id join cities cb on cb.id = sb.city_id
    where a.trip_id = t.id
      and (ca.slug, cb.slug) in (('moabit', 'munich'), ('bucharest', 'ploiesti'), ('kyiv', 'lviv'))
) as popular) as pair
where days.day between current_date + 1 and current_date + :days and t.withdrawn_at is null
  and cardinality(positions) > 1 and (popular or random() < :share);

create temp table seated as
select gen_random_uuid() as id, gen_random_uuid() as booking_id, gen_random_uuid() as passenger_id, c.*, seat,
       1 + (random() * (cardinality(positions) - 2) / 2)::int as first, random() < :paid as paid
from chosen c cross join lateral generate_series(1, c.tickets) as seat
order by random() limit :tickets;
alter table seated add boarding int, add alighting int;
update seated set boarding = positions[first],
    alighting = positions[first + 1 + (random() * (cardinality(positions) - first - 1))::int];

insert into departures (trip_id, service_day, bus_id) select distinct trip_id, service_day, bus_id from seated;
insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
select d.trip_id, d.service_day, c.position, c.stop_id,
       (d.service_day + c.arrival * interval '1 second') at time zone t.time_zone,
       (d.service_day + c.departure * interval '1 second') at time zone t.time_zone
from departures d join trips t on t.id = d.trip_id join stop_times c on c.trip_id = d.trip_id;
create temp table boarded as
select s.*, c.departure_at, row_number() over () as n from seated s
join departure_calls c on (c.trip_id, c.service_day, c.position) = (s.trip_id, s.service_day, s.boarding);
create temp table seller as select p.id from partners p where p.slug = 'demo';
insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at, reference)
select booking_id, (select id from seller), 'UK', 'UAH', departure_at, now(), now(), pg_temp.reference(2 * n) from boarded;
insert into passengers (id, first_name, last_name, email) select passenger_id, 'Olena', 'Bench', 'olena@example.com' from boarded;
insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
                     alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price,
                     currency, created_at, updated_at, reference)
select id, booking_id, (select id from seller), company_id, passenger_id, trip_id, service_day,
       boarding, alighting, departure_at, seat, case when paid then 'Confirmed' else 'Processing' end,
       case when paid then 'Paid' else 'Unpaid' end, gen_random_uuid(), 10, 10, 'EUR', now(), now(),
       pg_temp.reference(2 * n + 1)
from boarded;
insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
select id, trip_id, service_day, seat, int4range(boarding, alighting) from boarded;
-- What each ticket has in the product: with these tables empty, plans that were made for empty tables would be measured.
insert into passenger_phones (id, passenger_id, position, phone) select gen_random_uuid(), passenger_id, 0, '+380501234567' from boarded;
create temp table recorded as select gen_random_uuid() as history_id, id as ticket_id from boarded;
insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
select history_id, ticket_id, now(), 'created', 'Processing', 'Unpaid', 'prt_bench' from recorded;
insert into notifications (id, ticket_id, history_id, channel, event, state, sent_at, created_at)
select gen_random_uuid(), ticket_id, history_id, 'Email', 'created', 'sent', now(), now() from recorded;
select count(*) from boarded;
vacuum analyze;
