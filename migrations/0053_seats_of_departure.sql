-- The seats that are held on a departure, in the order in which a sale compares them, read from one index. Without it
-- PostgreSQL read them through the index of the constraint seat_holds_no_overlap, which took ten times as many pages.
-- On large tables the index is built by hand before the release, with `concurrently`.
create index if not exists seat_holds_listed_idx on seat_holds (trip_id, service_day, ticket_id) include (seat, stretch);

-- It served nothing that the new one does not.
set local lock_timeout = '3s';
drop index seat_holds_departure_idx;
