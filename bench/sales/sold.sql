-- 50,000 tickets on departures of the next ten days: every departure of the popular pairs of mix.sql carries some, the
-- others as chance has it; most carry few, some are nearly full. Nine in ten are paid. Replaces all that was sold.
truncate departures, bookings, passengers, jobs cascade;
select setseed(0.5) \gset

create temp table chosen as
select t.id as trip_id, days.day as service_day, t.bus_id, r.company_id, ends.last,
       1 + (random() ^ 3 * 40)::int as tickets
from trips t
join services s on s.id = t.service_id
join routes r on r.id = t.route_id
join (select trip_id, max(position) as last from stop_times group by trip_id) as ends on ends.trip_id = t.id
cross join lateral unnest(s.days) as days (day)
cross join lateral (select exists (
    select from stop_times a join stops sa on sa.id = a.stop_id join cities ca on ca.id = sa.city_id
    join stop_times b on b.trip_id = a.trip_id and b.position > a.position
    join stops sb on sb.id = b.stop_id join cities cb on cb.id = sb.city_id
    where a.trip_id = t.id
      and (ca.slug, cb.slug) in (('moabit', 'munich'), ('bucharest', 'ploiesti'), ('kyiv', 'lviv'))
) as popular) as pair
where days.day between current_date + 1 and current_date + 10 and t.withdrawn_at is null
  and (popular or random() < 0.2);

create temp table seated as
select gen_random_uuid() as id, gen_random_uuid() as booking_id, gen_random_uuid() as passenger_id, c.*, seat,
       (random() * (last - 1) / 2)::int as boarding, random() < 0.9 as paid
from chosen c cross join lateral generate_series(1, c.tickets) as seat
order by random() limit 50000;
alter table seated add alighting int;
update seated set alighting = boarding + 1 + (random() * (last - boarding - 1))::int;

insert into departures (trip_id, service_day, bus_id) select distinct trip_id, service_day, bus_id from seated;
insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
select d.trip_id, d.service_day, c.position, c.stop_id,
       d.service_day + c.arrival * interval '1 second', d.service_day + c.departure * interval '1 second'
from departures d join stop_times c using (trip_id);
insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
select booking_id, (select id from partners order by id limit 1), 'UK', 'UAH', service_day, now(), now() from seated;
insert into passengers (id, first_name, last_name) select passenger_id, 'Olena', 'Bench' from seated;
insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
                     alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price,
                     currency, created_at, updated_at)
select id, booking_id, (select id from partners order by id limit 1), company_id, passenger_id, trip_id, service_day,
       boarding, alighting, service_day, seat, case when paid then 'Confirmed' else 'Processing' end,
       case when paid then 'Paid' else 'Unpaid' end, gen_random_uuid(), 10, 10, 'EUR', now(), now()
from seated;
insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
select id, trip_id, service_day, seat, int4range(boarding, alighting) from seated;
analyze;
