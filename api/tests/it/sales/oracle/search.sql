-- What a search must answer, worked out from the tables alone: slow, and as close to the words of the contract as SQL is.
-- It shares no code and no plan with the product. One row for each departure that can be bought, in the order of the answer.
--
-- $1, $2 slugs of the cities; $3 local day at the first; $4 passengers; $5 currency; $6 partner, null for a visitor; $7 now.
with recursive
-- Where trips call. Nothing is sold from or to a stop that has no city (any more).
calls as (
    select st.trip_id, st.position, st.stop_id, st.arrival, st.departure, st.boarding, st.alighting, st.meters,
           s.zone, c.slug, c.time_zone
    from stop_times st join stops s on s.id = st.stop_id join cities c on c.id = s.city_id
    where s.withdrawn_at is null and not s.city_lost
),
-- From the first call in the one city where one may board to the last in the other where one may alight.
rides as (
    select t.id as trip_id, t.feed_id, t.route_id, t.service_id, t.time_zone, r.company_id, b.seats::integer as seats,
           (select min(position) from calls where trip_id = t.id and slug = $1 and boarding) as boarding,
           (select max(position) from calls where trip_id = t.id and slug = $2 and alighting) as alighting
    from trips t join routes r on r.id = t.route_id join buses b on b.id = t.bus_id
    where t.withdrawn_at is null
),
-- Times count from noon minus twelve hours of the service day; the day asked for is that of the clock in the city of
-- departure. Gone, or closed before boarding by its company: not for sale. Neither is what was withdrawn from sale.
dated as (
    select ride.*, service_day::date as service_day, starts.at + make_interval(secs => b.departure) as departs_at,
           starts.at + make_interval(secs => a.arrival) as arrives_at, b.time_zone as from_zone, a.time_zone as to_zone,
           b.stop_id as from_stop, a.stop_id as to_stop, b.zone as origin, a.zone as destination,
           a.meters - b.meters as meters,
           (1::bigint << ride.alighting) - (1::bigint << ride.boarding) as segment
    from rides ride
    join services v on v.id = ride.service_id
    cross join unnest(v.days) as service_day
    cross join lateral (
        select ((service_day::date + time '12:00') at time zone ride.time_zone) - interval '12 hours' as at
    ) as starts
    join calls b on b.trip_id = ride.trip_id and b.position = ride.boarding
    join calls a on a.trip_id = ride.trip_id and a.position = ride.alighting
    join companies c on c.id = ride.company_id
    where ride.boarding < ride.alighting
      and ((starts.at + make_interval(secs => b.departure)) at time zone b.time_zone)::date = $3::date
      and $7::timestamptz < starts.at + make_interval(secs => b.departure, mins => -c.sales_cutoff_minutes)
      and not exists (
          select from departures d
          where d.trip_id = ride.trip_id and d.service_day = service_day::date and d.closed_at is not null
      )
),
-- A company without a word to the partner allows everything.
allowed as (
    select dated.*, coalesce(p.accesses, '{SEARCH,BOOK,CANCEL}') as accesses
    from dated left join partner_permissions p on p.company_id = dated.company_id and p.partner_id = $6::uuid
    where $6::uuid is null or p.accesses is null or 'SEARCH' = any(p.accesses)
),
-- Fares and unpriced scopes that hold for a ride; as bits, what each of them names.
stated as (
    select d.trip_id, d.service_day, f.currency, f.amount,
           (f.route_id is not null)::int << 2 | (f.origin_zone is not null)::int << 1
               | (f.destination_zone is not null)::int as named
    from allowed d join (
        select feed_id, route_id, origin_zone, destination_zone, currency, amount from fares
        union all
        select feed_id, route_id, origin_zone, destination_zone, null, null from unpriced_scopes
    ) f on f.feed_id = d.feed_id
        and (f.route_id is null or f.route_id = d.route_id)
        and (f.origin_zone is null or f.origin_zone = d.origin)
        and (f.destination_zone is null or f.destination_zone = d.destination)
),
-- What no other one is narrower than. If one of these has no price, there is none; else the highest in each currency.
narrowest as (
    select * from stated s
    where not exists (
        select from stated o
        where (o.trip_id, o.service_day) = (s.trip_id, s.service_day) and o.named <> s.named and o.named & s.named = s.named
    )
),
stored as (
    select trip_id, service_day, currency, max(amount) as amount from narrowest n
    where not exists (
        select from narrowest o where (o.trip_id, o.service_day) = (n.trip_id, n.service_day) and o.amount is null
    )
    group by trip_id, service_day, currency
    union all
    -- Where nothing is stated the distance tariff of the feed holds, unless it comes to nothing.
    select d.trip_id, d.service_day, f.tariff_currency, round(f.tariff_base + f.tariff_per_km * d.meters / 1000, 2)
    from allowed d join feeds f on f.id = d.feed_id
    where round(f.tariff_base + f.tariff_per_km * d.meters / 1000, 2) <> 0
      and not exists (select from stated s where (s.trip_id, s.service_day) = (d.trip_id, d.service_day))
),
-- Rates as fractions: as stored, else the inverse, else through the first currency that has both.
direct as (
    select base, quote, rate as numerator, 1::numeric as denominator from exchange_rates
    union all
    select quote, base, 1, rate from exchange_rates r
    where not exists (select from exchange_rates o where (o.base, o.quote) = (r.quote, r.base))
),
through as (
    select distinct on (one.base, two.quote) one.base, two.quote, one.numerator * two.numerator as numerator,
           one.denominator * two.denominator as denominator
    from direct one join direct two on two.base = one.quote
    order by one.base, two.quote, array_position(array['UAH', 'PLN', 'CZK', 'EUR', 'USD'], one.quote)
),
rates as (
    select * from direct
    union all
    select * from through t where not exists (select from direct d where (d.base, d.quote) = (t.base, t.quote))
),
-- Its own price in the currency asked for, else the dearest conversion, each rounded up to a whole unit.
priced as (
    select d.trip_id, d.service_day,
           coalesce(
               max(s.amount) filter (where s.currency = $5::text),
               max(div(s.amount * r.numerator, r.denominator)
                   + case when mod(s.amount * r.numerator, r.denominator) > 0 then 1 else 0 end)
           ) as amount,
           coalesce(array_agg(trim_scale(s.amount) || ' ' || s.currency order by s.currency)
               filter (where s.currency <> $5::text), '{}') as others
    from allowed d join stored s using (trip_id, service_day)
    left join rates r on r.base = s.currency and r.quote = $5 and s.currency <> $5
    group by d.trip_id, d.service_day
),
-- Seats that are taken. An unpaid ticket gives its seat back after 20 minutes, whether it was swept or not. Who is not
-- confirmed may be moved to another seat.
taken as (
    select d.trip_id, d.service_day, t.id, t.seat::integer as seat, t.status = 'Confirmed' as fixed,
           t.boarding_position as boarding, t.alighting_position as alighting,
           (1::bigint << t.alighting_position) - (1::bigint << t.boarding_position) as segment
    from allowed d join tickets t using (trip_id, service_day)
    where t.status = 'Confirmed'
       or (t.status = 'Processing'
           and not (t.payment_status = 'Unpaid' and t.created_at <= $7::timestamptz - interval '20 minutes'))
),
-- No more than the bus has seats beside those who ride its fullest part. If as many seats are free as they are, that is it.
room as (
    select d.trip_id, d.service_day, d.seats, d.segment,
           greatest(0, d.seats - (
               select max(load) from (
                   select (select count(*)::integer from taken t
                           where (t.trip_id, t.service_day) = (d.trip_id, d.service_day)
                             and t.boarding <= position and position < t.alighting) as load
                   from generate_series(d.boarding, d.alighting - 1) as position
               ) as loads
           )) as most,
           (select count(*)::integer from generate_series(1, d.seats) as number
            where not exists (
                select from taken t
                where (t.trip_id, t.service_day, t.seat) = (d.trip_id, d.service_day, number) and t.segment & d.segment <> 0
            )) as least
    from allowed d
),
-- Else every way to seat those who may be moved between those who may not: what is taken of each seat, in any order.
movable as (
    select t.*, row_number() over (partition by t.trip_id, t.service_day order by t.boarding, t.alighting desc, t.id) as number
    from taken t join room r using (trip_id, service_day)
    where not t.fixed and t.seat <= r.seats and r.least < r.most
),
seating as (
    select r.trip_id, r.service_day, 0::bigint as seated, array(
               select coalesce((select bit_or(t.segment) from taken t
                                where t.fixed and (t.trip_id, t.service_day, t.seat) = (r.trip_id, r.service_day, number)), 0)
                          as used
               from generate_series(1, r.seats) as number order by used
           ) as seats
    from room r where r.least < r.most
    union
    select s.trip_id, s.service_day, m.number, array(
               select case when n = place then used | m.segment else used end as used
               from unnest(s.seats) with ordinality as seat (used, n) order by used
           )
    from seating s join movable m on (m.trip_id, m.service_day, m.number) = (s.trip_id, s.service_day, s.seated + 1)
    cross join generate_subscripts(s.seats, 1) as place
    where s.seats[place] & m.segment = 0 and (place = 1 or s.seats[place] <> s.seats[place - 1])
),
seats_left as (
    select r.trip_id, r.service_day, least(r.most, greatest(r.least, coalesce((
               select max((select count(*)::integer from unnest(s.seats) as used where used & r.segment = 0))
               from seating s
               where (s.trip_id, s.service_day) = (r.trip_id, r.service_day)
                 and s.seated = (select count(*) from movable m
                                 where (m.trip_id, m.service_day) = (r.trip_id, r.service_day))
           ), 0))) as seats_left
    from room r
)
select d.trip_id, d.service_day, d.from_stop, d.boarding, d.to_stop, d.alighting, d.departs_at, d.arrives_at,
       to_char(d.departs_at at time zone d.from_zone, 'YYYY-MM-DD"T"HH24:MI:SS') as departs_local,
       to_char(d.arrives_at at time zone d.to_zone, 'YYYY-MM-DD"T"HH24:MI:SS') as arrives_local,
       c.slug as company, d.accesses, s.seats_left, trim_scale(p.amount) || ' ' || $5 as price, p.others
from allowed d
join companies c on c.id = d.company_id
join seats_left s using (trip_id, service_day)
join priced p using (trip_id, service_day)
where p.amount is not null and s.seats_left >= $4::integer
order by d.departs_at, d.arrives_at, d.trip_id
