-- The paths of a realistic mix of searches, one a line, the same for the same timetable: half on popular pairs (those of
-- the three that are served; Berlin's main station lies in Moabit), a third on pairs that some trip serves, the rest on any
-- two cities; over the next ten days, for one to four passengers; every other one for offers, the others for the schedule.
select setseed(0.5) \gset

with search as (
    select number, random() as kind, current_date + 1 + (random() * 9)::int as day, 1 + (random() * 3)::int as passengers
    from generate_series(1, 5000) as number
), popular as (
    select row_number() over (order by named.place) - 1 as place, count(*) over () as pairs, origin, destination
    from (values (0, 'moabit', 'munich'), (1, 'bucharest', 'ploiesti'), (2, 'kyiv', 'lviv')) as named (place, origin, destination)
    where exists (select from stops s join cities c on c.id = s.city_id where c.slug = origin)
      and exists (select from stops s join cities c on c.id = s.city_id where c.slug = destination)
), served as (
    select row_number() over (order by random()) - 1 as place, count(*) over () as pairs, origin.slug as origin,
           destination.slug as destination
    from (select trip_id, min(position) as first, max(position) as last from stop_times group by trip_id) as ends
    join stop_times a on a.trip_id = ends.trip_id and a.position = (first + last) / 4
    join stop_times b on b.trip_id = ends.trip_id and b.position = (first + last) * 3 / 4
    join stops s on s.id = a.stop_id join cities origin on origin.id = s.city_id
    join stops t on t.id = b.stop_id join cities destination on destination.id = t.city_id
    where origin.id <> destination.id
    order by place limit 1000
), city as (
    select row_number() over (order by random()) - 1 as place, slug, count(*) over () as cities
    from cities where id in (select city_id from stops)
), pair as (
    select number, day, passengers, origin, destination from search join popular on place = number % pairs where kind < 0.5
    union all
    select number, day, passengers, origin, destination from search join served on place = number % least(pairs, 1000)
    where kind >= 0.5 and kind < 0.85
    union all
    select number, day, passengers, a.slug, b.slug from search
    join city a on a.place = number % a.cities
    join city b on b.place = (number * 7 + 1) % b.cities
    where kind >= 0.85
)
select case number % 2
    when 0 then format('/v2/offers?departureCity=%s&arrivalCity=%s&departureDate=%s&passengers=%s',
                       origin, destination, day, passengers)
    else format('/v2/offers/schedule?departureCitySlug=%s&arrivalCitySlug=%s&date=%s&passengers=%s',
                origin, destination, day, passengers) end
from pair order by number;
