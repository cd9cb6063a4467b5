-- A file of its own, so that the lock that a new column takes on bookings is held for a moment only.
set local lock_timeout = '3s';
alter table bookings add column if not exists emptied boolean not null default false;
comment on column bookings.emptied is 'All its tickets have left it (regrouping): it is in no list and in no count. Kept by triggers on tickets.';
