-- Cities, and the counters that tell readers when to load the published state again.

create extension if not exists btree_gist;

create table cities (
    id uuid constraint cities_pkey primary key,
    geonames_id integer not null constraint cities_geonames_id_key unique,
    slug text not null constraint cities_slug_key unique,
    name text not null,
    country text not null constraint cities_country_check check (country ~ '^[A-Z]{2}$'),
    time_zone text not null,
    latitude double precision not null,
    longitude double precision not null,
    population integer not null default 0
);
comment on table cities is 'Places that stops belong to (GeoNames, CC BY 4.0). Only countries of the contract are loaded.';
comment on column cities.name is 'GeoNames name, the last fallback of every language.';
comment on column cities.time_zone is 'IANA name; every wall clock shown for a stop of this city is in it.';

create table city_names (
    city_id uuid not null constraint city_names_city_fkey references cities on delete cascade,
    language text not null constraint city_names_language_check check (language in ('UK', 'PL', 'CS', 'EN', 'RU')),
    name text not null,
    constraint city_names_pkey primary key (city_id, language)
);

create table exchange_rates (
    base text not null,
    quote text not null,
    rate numeric(20, 10) not null constraint exchange_rates_rate_check check (rate > 0),
    updated_at timestamptz not null,
    constraint exchange_rates_pkey primary key (base, quote)
);
comment on table exchange_rates is 'One unit of base costs rate units of quote. The inverse is derived when only one direction is stored.';

create table publication (
    singleton boolean constraint publication_pkey primary key default true constraint publication_singleton_check check (singleton),
    version bigint not null default 0
);
comment on table publication is 'One row. version rises in the transaction that changes anything readers keep in memory (timetable, companies, rates).';
insert into publication default values;
