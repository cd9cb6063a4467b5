-- Sessions of people in the backoffice (contract section 6).

create table sessions (
    id uuid constraint sessions_pkey primary key,
    user_id uuid not null constraint sessions_user_fkey references users on delete cascade,
    access_id uuid not null constraint sessions_access_fkey references accesses on delete cascade,
    salt bytea not null,
    generation integer not null default 0,
    superseded_at timestamptz[] not null default '{}',
    repeated_at timestamptz,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
comment on table sessions is 'One login, and the family of refresh tokens that came of it.';
comment on column sessions.access_id is 'Where the person works in this session; switch-company changes it.';
comment on column sessions.salt is 'Goes into the MAC of its refresh tokens, with a key of the configuration. No token is stored.';
comment on column sessions.generation is 'Of the refresh token that is valid now; every rotation counts one up.';
comment on column sessions.superseded_at is 'When the latest generations before it were superseded, oldest first; only what is within the leeway matters.';
comment on column sessions.repeated_at is 'When the refresh token that is valid now was handed out again, to the second; null as long as it was handed out once.';
create index sessions_user_idx on sessions (user_id) where revoked_at is null;
create index sessions_access_idx on sessions (access_id);
create index sessions_expires_idx on sessions (expires_at);
