-- Trouble of providers: how long a job is held up by it, and which of a tracker's positions are believed.

alter table jobs add column held_since timestamptz;
comment on column jobs.held_since is 'Since when trouble of somebody else (a provider, a store) has held the job up; such attempts do not count. Null: it is not held up.';

alter table fms_objects
    add column trust smallint not null default 1,
    add column rival_latitude double precision,
    add column rival_longitude double precision,
    add column rival_recorded_at timestamptz,
    add column rival_fixes smallint not null default 0;
comment on column fms_objects.trust is 'Positions in a row that agree with the latest one, itself included, ten at most.';
comment on column fms_objects.rival_fixes is 'Later positions in a row that agree with each other but not with the latest one. When they are more than it is trusted, the last of them (rival_...) takes its place.';
