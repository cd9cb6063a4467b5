-- Where buses are (contract section 7): accounts at fleet providers, the objects that they track, and their positions.

create table fms_accounts (
    id uuid constraint fms_accounts_pkey primary key,
    company_id uuid not null constraint fms_accounts_company_fkey references companies,
    provider text not null constraint fms_accounts_provider_check check (provider in ('Wialon', 'GtfsRealtime')),
    name text not null,
    url text not null,
    token bytea,
    session bytea,
    poll_seconds integer not null default 30 constraint fms_accounts_poll_check check (poll_seconds between 1 and 3600),
    next_poll_at timestamptz not null,
    poll_job_key text,
    poll_begun boolean not null default false,
    poll_again boolean not null default false,
    next_sync_at timestamptz not null,
    sync_job_key text,
    polled_at timestamptz,
    synced_at timestamptz,
    failures integer not null default 0,
    error_message text,
    created_at timestamptz not null,
    constraint fms_accounts_company_name_key unique (company_id, name)
);
comment on column fms_accounts.token is 'Sealed (AES-256-GCM) with a key of the configuration: it logs in at the provider.';
comment on column fms_accounts.session is 'Sealed; the session that all workers share, so that an account has one.';
comment on column fms_accounts.next_poll_at is 'The clock writes no poll before it; failures move it out.';
comment on column fms_accounts.poll_job_key is 'Dedupe key of the poll that is under way or waits; null when none is. While it is unfinished no other is written by the clock.';
comment on column fms_accounts.poll_begun is 'That poll has read which objects are enabled: whoever is enabled later needs another.';
comment on column fms_accounts.poll_again is 'Somebody was enabled since: the poll writes another when it ends.';
comment on column fms_accounts.sync_job_key is 'As poll_job_key.';
comment on column fms_accounts.failures is 'Of polls, in a row.';
comment on column fms_accounts.error_message is 'Why the latest poll or sync failed; null after one that did not.';
create index fms_accounts_next_poll_idx on fms_accounts (next_poll_at);
create index fms_accounts_next_sync_idx on fms_accounts (next_sync_at);

create table fms_objects (
    id uuid constraint fms_objects_pkey primary key,
    account_id uuid not null constraint fms_objects_account_fkey references fms_accounts,
    company_id uuid not null constraint fms_objects_company_fkey references companies,
    external_id text not null,
    name text not null,
    registration_number text,
    bus_id uuid constraint fms_objects_bus_fkey references buses,
    enabled boolean not null default false,
    latitude double precision,
    longitude double precision,
    speed_kmh double precision,
    course smallint,
    recorded_at timestamptz,
    received_at timestamptz,
    dropped_fixes bigint not null default 0,
    gone_at timestamptz,
    constraint fms_objects_account_external_key unique (account_id, external_id),
    constraint fms_objects_position_check check (num_nulls(latitude, longitude, recorded_at, received_at) in (0, 4))
) with (fillfactor = 70);
comment on table fms_objects is 'A tracker at a provider, with its latest position (rewritten at every poll: room is left on the pages).';
comment on column fms_objects.bus_id is 'The bus of the company with the same registration number.';
comment on column fms_objects.dropped_fixes is 'Positions that could not be: off the globe, in the future, too far from the one before.';
comment on column fms_objects.gone_at is 'Since when the provider does not list it any more.';
create index fms_objects_company_idx on fms_objects (company_id, name, id);
create index fms_objects_enabled_idx on fms_objects (account_id) where enabled;
create index fms_objects_bus_idx on fms_objects (bus_id);

create table positions (
    object_id uuid not null,
    recorded_at timestamptz not null,
    latitude double precision not null,
    longitude double precision not null,
    speed_kmh double precision,
    course smallint,
    received_at timestamptz not null,
    constraint positions_pkey primary key (object_id, recorded_at)
) partition by range (recorded_at);
comment on table positions is 'Every fix once. A partition a UTC day (positions_20261121), made when the first fix of the day comes; old ones are dropped whole. No foreign key: objects are never deleted, and a check per fix would cost.';
