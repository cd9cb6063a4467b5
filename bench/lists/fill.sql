-- Fills a migrated database with :tickets tickets of one partner on the buses of one company: bookings of one or two
-- tickets, made one after the other over a year (psql variable `days`, if it is given: fewer days), for departures up to
-- two months later; most paid, some canceled.
-- `psql -v tickets=50000 -f fill.sql`; run again with a larger number it adds what is missing.
-- Ids begin with the time of creation, like those of the product.
\set ON_ERROR_STOP on
\if :{?days}
\else
\set days 360
\endif
\ir ../sql/reference.sql
set synchronous_commit = off;

create temp table own as select
    md5('lists partner')::uuid as partner_id, md5('lists company')::uuid as company_id, md5('lists feed')::uuid as feed_id,
    md5('lists city')::uuid as city_id;

insert into cities (id, geonames_id, slug, name, country, time_zone, latitude, longitude)
select city_id, 99000001, 'lists-city', 'Lists', 'UA', 'Europe/Kyiv', 50, 30 from own on conflict do nothing;
insert into companies (id, slug, name, time_zone, created_at) select company_id, 'lists', 'Lists', 'Europe/Kyiv', now() from own on conflict do nothing;
insert into partners (id, slug, name, created_at) select partner_id, 'lists', 'Lists', now() from own on conflict do nothing;
insert into carriers (id, company_id, key, name) select company_id, company_id, 'lists', 'Lists' from own on conflict do nothing;
insert into feeds (id, key, sha256, imported_at) select feed_id, 'lists', '', now() from own on conflict do nothing;
insert into stops (id, feed_id, feed_stop_id, name, latitude, longitude, city_id)
select md5('lists stop ' || n)::uuid, feed_id, n::text, 'Stop ' || n, 50, 30 + n, city_id from own, generate_series(0, 3) n on conflict do nothing;
insert into routes (id, feed_id, feed_route_id, company_id, carrier_id, slug, name)
select md5('lists route ' || n)::uuid, feed_id, n::text, company_id, company_id, 'lists-' || n, 'Route ' || n from own, generate_series(0, 9) n on conflict do nothing;
insert into buses (id, company_id, key, seats) select company_id, company_id, 'lists', 50 from own on conflict do nothing;
insert into services (id, feed_id, feed_service_id, days) select feed_id, feed_id, 'lists', '{}'::date[] from own on conflict do nothing;
insert into trips (id, feed_id, feed_trip_id, route_id, service_id, bus_id, time_zone)
select md5('lists trip ' || n)::uuid, feed_id, n::text, md5('lists route ' || n / 10)::uuid, feed_id, company_id, 'Europe/Kyiv'
from own, generate_series(0, 99) n on conflict do nothing;

-- Departures: 100 trips a day, until two months after the last sale.
insert into departures (trip_id, service_day, bus_id)
select md5('lists trip ' || n)::uuid, date '2027-01-01' + d, company_id from own, generate_series(0, 99) n, generate_series(0, :days + 65) d
on conflict do nothing;
insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
select trip_id, service_day, p, md5('lists stop ' || p)::uuid, at, at
from departures, generate_series(0, 3) p, lateral (select (service_day + time '06:00' + p * interval '2 hours') at time zone 'UTC' as at) i
where bus_id = (select company_id from own)
on conflict do nothing;

create temp table made as
select n, at, lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as stamp,
       md5('lists trip ' || n % 100)::uuid as trip_id, (at at time zone 'UTC')::date + 1 + (n * 7919 % 60)::integer as service_day
from (
    -- In the order of no day: as many more as are asked for are spread over the same year.
    select n, timestamptz '2027-01-01Z' + (n::bigint * 611953 % (:days * 86400)) * interval '1 second' + n * interval '1 microsecond' as at
    from generate_series(1 + (select count(*) from tickets where partner_id = (select partner_id from own)), :tickets) n
) as numbered;
alter table made add id uuid, add booking_id uuid;
update made set id = (left(stamp, 8) || '-' || right(stamp, 4) || '-7' || substr(md5('t' || n), 1, 3) || '-8' || substr(md5('t' || n), 4, 3) || '-' || substr(md5('t' || n), 7, 12))::uuid,
    booking_id = (left(stamp, 8) || '-' || right(stamp, 4) || '-7' || substr(md5('b' || n), 1, 3) || '-8' || substr(md5('b' || n), 4, 3) || '-' || substr(md5('b' || n), 7, 12))::uuid;

insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at, reference)
select booking_id, partner_id, 'UK', 'UAH', (service_day + time '06:00') at time zone 'UTC', at, at, pg_temp.reference(2 * n)
from made, own;
insert into passengers (id, first_name, last_name) select id, 'Olena', 'Koval' from made;
insert into passenger_phones (id, passenger_id, position, phone) select id, id, 0, '+380671234567' from made;
insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
                     alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price,
                     currency, created_at, updated_at, reference)
select id, booking_id, partner_id, company_id, id, trip_id, service_day, 0, 3, (service_day + time '06:00') at time zone 'UTC',
       1 + n % 50, case when n % 10 = 0 then 'Canceled' else 'Confirmed' end, case when n % 10 = 0 then 'Unpaid' else 'Paid' end,
       id, 10, 10, 'UAH', at, at, pg_temp.reference(2 * n + 1)
from made, own;
drop table made, own;
vacuum analyze;
