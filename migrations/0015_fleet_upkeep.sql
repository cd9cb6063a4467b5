-- Finished polls are cleared away after a day, so they are found apart from the jobs that are kept for weeks.
create index if not exists jobs_geo_done_idx on jobs (finished_at) where state = 'done' and queue = 'geo';

alter table fms_accounts add column token_replaced_at timestamptz;
comment on column fms_accounts.token_replaced_at is 'When an operator replaced the token last; null: it is the one that the account was created with.';
