-- People can be disabled; sessions that were begun with credentials of before end with them.

alter table users add column disabled_at timestamptz;
comment on column users.disabled_at is 'Since when the person may not sign in; null: they may.';

alter table users add column credentials_version integer not null default 0;
comment on column users.credentials_version is 'Counts up when the person is disabled or gets another password: a sign-in that began before is not completed after.';

-- Limits that change hold at once, with a whole quota: counters of before are left behind.
alter table partners add column limits_version integer not null default 0;
comment on column partners.limits_version is 'Counts up when the tier or the limits of the partner are set; part of the names of its counters.';
