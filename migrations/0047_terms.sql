-- What companies change of their terms themselves, and what of their day needs a person.

-- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
set local lock_timeout = '3s';

alter table discounts add column withdrawn_at timestamptz;
comment on column discounts.withdrawn_at is 'Since when nobody can use it any more; tickets that were sold with it keep it. Programs of the release before still accept it.';

-- Messages that did not leave, the latest ones. On a large table built by hand before the release (create index concurrently).
create index if not exists notifications_failed_idx on notifications (created_at) where state = 'failed';
