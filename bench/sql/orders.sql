-- A company with a number of orders (psql variable `orders`), sold over the year 2026 (psql variable `days`: over its first
-- days) by five partners: 60 trips a day with six stops each. Ids are time-ordered like ours. SYNTHETIC.
create function pg_temp.id(at timestamptz, n bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
        || '8' || lpad(to_hex(n), 15, '0'))::uuid
$$;
\ir reference.sql
set timezone = 'Europe/Kyiv';

insert into companies (id, slug, name, time_zone, created_at)
values (gen_random_uuid(), 'bench', 'Bench', 'Europe/Kyiv', '2025-01-01');
insert into users (id, email, first_name, last_name, created_at)
values (gen_random_uuid(), 'bench@example.com', 'Bench', 'Bench', '2025-01-01');
insert into carriers (id, company_id, key, name) select gen_random_uuid(), id, 'fleet', 'Карпати, перший парк' from companies;
insert into partners (id, slug, name, created_at)
select gen_random_uuid(), 'partner-' || n, 'Партнер ' || n, '2025-01-01' from generate_series(1, 5) n;
insert into feeds (id, key, sha256, synthetic, imported_at) values (gen_random_uuid(), 'bench', '\x00', true, '2025-01-01');
insert into cities (id, geonames_id, slug, name, country, time_zone, latitude, longitude)
select gen_random_uuid(), n, 'city-' || n, 'City ' || n, case when n > 20 then 'PL' else 'UA' end,
    case when n > 20 then 'Europe/Warsaw' else 'Europe/Kyiv' end, 50, 30
from generate_series(1, 40) n;
insert into city_names (city_id, language, name) select id, 'UK', 'Місто ' || geonames_id from cities;
insert into stops (id, feed_id, feed_stop_id, name, latitude, longitude, city_id)
select gen_random_uuid(), f.id, c.slug, 'Автовокзал «Центральний», ' || c.geonames_id, 50, 30, c.id from cities c, feeds f;
insert into routes (id, feed_id, feed_route_id, company_id, carrier_id, slug, name)
select gen_random_uuid(), f.id, n::text, c.id, r.id, 'route-' || n, 'Місто ' || n || ' - Місто ' || 20 + n
from generate_series(1, 20) n, feeds f, companies c, carriers r;
insert into buses (id, company_id, key, seats, registration_number)
select gen_random_uuid(), c.id, 'bus-' || n, 50, 'AA ' || lpad(n::text, 4, '0') || ' BB' from generate_series(1, 60) n, companies c;
insert into services (id, feed_id, feed_service_id, days) select gen_random_uuid(), id, 'daily', '{}' from feeds;
create temp table numbered_trips as
select gen_random_uuid() as id, n, r.id as route_id, b.id as bus_id
from generate_series(0, 59) n
join routes r on r.feed_route_id = (n % 20 + 1)::text join buses b on b.key = 'bus-' || n + 1;
insert into trips (id, feed_id, feed_trip_id, route_id, service_id, bus_id, time_zone)
select t.id, f.id, t.n::text, t.route_id, s.id, t.bus_id, 'Europe/Kyiv' from numbered_trips t, feeds f, services s;
insert into departures (trip_id, service_day, bus_id)
select t.id, d::date, t.bus_id
from numbered_trips t, generate_series(0, :days + 59) k,
    lateral (select timestamptz '2026-01-01' + k * interval '1 day' as d) midnight;
insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
select t.id, d::date, p, s.id, at, at
from numbered_trips t, generate_series(0, :days + 59) k, generate_series(0, 5) p,
    lateral (select timestamptz '2026-01-01' + k * interval '1 day' as d) midnight,
    lateral (select d + make_interval(hours => 5 + 2 * p, mins => t.n) as at) a,
    lateral (select id from stops where feed_stop_id = 'city-' || ((t.n + 7 * p) % 40 + 1)) s;

create temp table new as
select s.n, at, pg_temp.id(at, s.n) as id, t.id as trip_id, (at + make_interval(days => (s.n % 30)::int))::date as service_day,
    (s.n % 3)::smallint as boarding, (3 + s.n % 3)::smallint as alighting, p.id as partner_id
from generate_series(0::bigint, :orders - 1) as s (n)
cross join lateral (select timestamptz '2026-01-01' + s.n * (:days * interval '1 day' / :orders) as at) a
join numbered_trips t on t.n = s.n * 7919 % 60
join (select id, row_number() over () - 1 as p from partners) p on p.p = s.n % 5;
-- Without triggers, which would take ten times as long as the rows: the counts of lists, and the terms by which orders
-- are found, are of no use to a report, and the rows refer to each other as they should.
set session_replication_role = replica;
insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at, reference)
select id, partner_id, 'UK', 'UAH', at, at, at, pg_temp.reference(2 * n) from new;
insert into passengers (id, first_name, last_name, email)
select id, 'Олександра', 'Коваленко-' || n, 'passenger-' || n || '@example.com' from new;
insert into passenger_phones (id, passenger_id, position, phone)
select id, id, 0, '+38067' || lpad((n % 10000000)::text, 7, '0') from new;
insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
    alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, refund_amount,
    created_at, updated_at, reference)
select new.id, new.id, new.partner_id, c.id, new.id, new.trip_id, new.service_day, new.boarding, new.alighting,
    b.departure_at, n % 50 + 1, case when n % 20 = 0 then 'Refund' else 'Confirmed' end, 'Paid', new.id,
    900 + n % 700 + 0.5, 1000 + n % 700, 'UAH', case when n % 20 = 0 then 450.25 end, new.at, new.at,
    pg_temp.reference(2 * n + 1)
from new
join departure_calls b on b.trip_id = new.trip_id and b.service_day = new.service_day and b.position = new.boarding
cross join companies c;
reset session_replication_role;
