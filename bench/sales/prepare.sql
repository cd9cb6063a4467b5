-- What create.sql works with: the departures that were sold before (http_bench has booked on each), numbered, and ids
-- that are ordered in time as ours are, yet the same throughout a transaction.
create schema if not exists bench;

create table bench.departures as
select row_number() over () - 1 as number, d.trip_id, d.service_day, r.company_id,
       (select min(t.boarding_position) from tickets t where (t.trip_id, t.service_day) = (d.trip_id, d.service_day)) as boarding,
       (select max(t.alighting_position) from tickets t where (t.trip_id, t.service_day) = (d.trip_id, d.service_day)) as alighting,
       (select count(*) from seat_holds h where (h.trip_id, h.service_day) = (d.trip_id, d.service_day)) as taken
from departures d join trips t on t.id = d.trip_id join routes r on r.id = t.route_id;
alter table bench.departures add primary key (number);

create function bench.id(kind text, client bigint, number bigint) returns uuid language sql stable as $$
    select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0')
            || substr(md5(kind || client || ':' || number), 1, 20))::uuid
$$;
analyze bench.departures;
