-- What the ideal statements work with: the departures that are sold, numbered; the unpaid tickets, numbered; and ids that
-- are ordered in time as ours are, yet the same throughout a transaction. The schema has a name that no role has: PostgreSQL
-- would look there before it looks at the product's tables.
create schema ideal;

create table ideal.departures as
select row_number() over () - 1 as number, d.trip_id, d.service_day, r.company_id,
       (select min(t.boarding_position) from tickets t where (t.trip_id, t.service_day) = (d.trip_id, d.service_day)) as boarding,
       (select max(t.alighting_position) from tickets t where (t.trip_id, t.service_day) = (d.trip_id, d.service_day)) as alighting,
       (select max(h.seat) from seat_holds h where (h.trip_id, h.service_day) = (d.trip_id, d.service_day)) as taken
from departures d join trips t on t.id = d.trip_id join routes r on r.id = t.route_id;
alter table ideal.departures add primary key (number);

create table ideal.unpaid as
select row_number() over () - 1 as number, id as ticket_id from tickets where status = 'Processing' and payment_status = 'Unpaid';
alter table ideal.unpaid add primary key (number);

create function ideal.id(kind text, client bigint, number bigint) returns uuid language sql stable as $$
    select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0')
            || substr(md5(kind || client || ':' || number), 1, 20))::uuid
$$;
vacuum analyze;
