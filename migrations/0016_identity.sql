-- Identity of runs and feeds: feeds that an operator withdrew, and departures that may be ones that were sold before.

alter table feeds add column withdrawn_at timestamptz;
comment on column feeds.withdrawn_at is 'When an operator took the whole feed off sale; the next import of its key puts it back.';

create table departure_matches (
    id uuid constraint departure_matches_pkey primary key,
    sold_trip_id uuid not null,
    sold_day date not null,
    trip_id uuid not null,
    service_day date not null,
    found_at timestamptz not null,
    rejected_at timestamptz,
    constraint departure_matches_pair_key unique (sold_trip_id, sold_day, trip_id, service_day),
    constraint departure_matches_sold_fkey foreign key (sold_trip_id, sold_day) references departures on delete cascade,
    constraint departure_matches_departure_fkey foreign key (trip_id, service_day) references departures on delete cascade
);
comment on table departure_matches is 'A sold departure that is not in the timetable any more, and a departure of the timetable that may be the same run. Until a person decides, the latter is closed.';
comment on column departure_matches.trip_id is 'With service_day: the departure that may be the same run.';
comment on column departure_matches.rejected_at is 'When a person said that it is another run; null: nobody decided yet. One that is the same run leaves no row: its tickets have moved.';
create index departure_matches_departure_idx on departure_matches (trip_id, service_day);
