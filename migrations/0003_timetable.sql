-- Timetables as published: what a GTFS feed says. Departures are derived from trips and service days.

create table feeds (
    id uuid constraint feeds_pkey primary key,
    key text not null constraint feeds_key_key unique,
    sha256 bytea not null,
    tariff_currency text,
    tariff_base numeric(12, 2),
    tariff_per_km numeric(12, 4),
    synthetic boolean not null default false,
    imported_at timestamptz not null,
    constraint feeds_tariff_check check (num_nulls(tariff_currency, tariff_base, tariff_per_km) in (0, 3))
);
comment on table feeds is 'A namespace of GTFS ids. Importing a feed of the same key again updates it in place.';
comment on column feeds.sha256 is 'Of the files and the options it was imported with: an unchanged import is recognised and does nothing.';
comment on column feeds.tariff_per_km is 'Distance tariff for stop pairs without a fare: base + per_km x kilometres along the stops.';

create table stops (
    id uuid constraint stops_pkey primary key,
    feed_id uuid not null constraint stops_feed_fkey references feeds,
    feed_stop_id text not null,
    name text not null,
    address text,
    platform text,
    latitude double precision not null,
    longitude double precision not null,
    zone text,
    city_id uuid constraint stops_city_fkey references cities,
    city_lost boolean not null default false,
    withdrawn_at timestamptz,
    constraint stops_feed_stop_key unique (feed_id, feed_stop_id)
);
comment on column stops.city_id is 'Nearest city within 15 km; null when there is none, then nothing is sold from or to the stop.';
comment on column stops.city_lost is 'No city is near any more. city_id is then the last one, for tickets that were sold; nothing more is.';
comment on column stops.zone is 'GTFS zone_id, what fares are stated between.';
create index stops_city_idx on stops (city_id);

create table stop_names (
    stop_id uuid not null constraint stop_names_stop_fkey references stops on delete cascade,
    language text not null constraint stop_names_language_check check (language in ('UK', 'PL', 'CS', 'EN', 'RU')),
    name text not null,
    constraint stop_names_pkey primary key (stop_id, language)
);

create table routes (
    id uuid constraint routes_pkey primary key,
    feed_id uuid not null constraint routes_feed_fkey references feeds,
    feed_route_id text not null,
    company_id uuid not null constraint routes_company_fkey references companies,
    carrier_id uuid not null constraint routes_carrier_fkey references carriers,
    slug text not null,
    name text not null,
    description text,
    withdrawn_at timestamptz,
    constraint routes_feed_route_key unique (feed_id, feed_route_id)
);
create index routes_company_idx on routes (company_id);
create index routes_carrier_idx on routes (carrier_id);

create table buses (
    id uuid constraint buses_pkey primary key,
    company_id uuid not null constraint buses_company_fkey references companies,
    key text not null,
    seats smallint not null constraint buses_seats_check check (seats between 1 and 200),
    registration_number text,
    brand text,
    model text,
    constraint buses_company_key_key unique (company_id, key)
);
comment on column buses.key is 'GTFS block_id, the name in vehicles.csv, or "default" for the stated default bus.';

create table services (
    id uuid constraint services_pkey primary key,
    feed_id uuid not null constraint services_feed_fkey references feeds,
    feed_service_id text not null,
    days date[] not null,
    constraint services_feed_service_key unique (feed_id, feed_service_id)
);
comment on column services.days is 'Service days ascending, calendar and exceptions already worked out.';

create table trips (
    id uuid constraint trips_pkey primary key,
    feed_id uuid not null constraint trips_feed_fkey references feeds,
    feed_trip_id text not null,
    route_id uuid not null constraint trips_route_fkey references routes,
    service_id uuid not null constraint trips_service_fkey references services,
    bus_id uuid not null constraint trips_bus_fkey references buses,
    time_zone text not null,
    withdrawn_at timestamptz,
    constraint trips_feed_trip_key unique (feed_id, feed_trip_id)
);
comment on column trips.time_zone is 'agency_timezone: stop times count from noon minus 12 hours of the service day in it (GTFS stop_times.txt).';
create index trips_route_idx on trips (route_id);
create index trips_service_idx on trips (service_id);
create index trips_bus_idx on trips (bus_id);

create table stop_times (
    trip_id uuid not null,
    position smallint not null,
    stop_id uuid not null,
    arrival integer not null,
    departure integer not null,
    boarding boolean not null,
    alighting boolean not null,
    meters integer not null,
    constraint stop_times_pkey primary key (trip_id, position),
    constraint stop_times_order_check check (departure >= arrival)
);
comment on column stop_times.position is '0, 1, 2 ... along the trip; GTFS stop_sequence only gives the order.';
comment on column stop_times.arrival is 'Seconds since noon minus 12 hours of the service day; may exceed 86400.';
comment on column stop_times.meters is 'Great-circle distance along the stops from the first one.';
create index stop_times_stop_idx on stop_times (stop_id);

-- The foreign keys of stop_times, checked once per statement: row by row they cost two thirds of the time of an import
-- (86,193 calls: 1.56 s with row checks, 0.5 s without). Trips and stops are withdrawn, never deleted or renumbered, so
-- inserts are the only way to break them.
create function check_stop_times_references() returns trigger language plpgsql as $$
begin
    if exists (select from added where not exists (select from trips where trips.id = added.trip_id)) then
        raise foreign_key_violation using message = 'a stop time of an unknown trip', constraint = 'stop_times_trip_fkey';
    end if;
    if exists (select from added where not exists (select from stops where stops.id = added.stop_id)) then
        raise foreign_key_violation using message = 'a stop time at an unknown stop', constraint = 'stop_times_stop_fkey';
    end if;
    return null;
end
$$;
create trigger stop_times_references after insert on stop_times
    referencing new table as added for each statement execute function check_stop_times_references();

create table fares (
    id uuid constraint fares_pkey primary key,
    feed_id uuid not null constraint fares_feed_fkey references feeds,
    route_id uuid constraint fares_route_fkey references routes,
    origin_zone text,
    destination_zone text,
    currency text not null,
    amount numeric(12, 2) not null constraint fares_amount_check check (amount >= 0),
    constraint fares_pair_key unique nulls not distinct (feed_id, route_id, origin_zone, destination_zone, currency)
);
comment on table fares is 'Price per passenger between two zones; a null is a wildcard (GTFS fare_rules.txt).';
create index fares_route_idx on fares (route_id);
