-- Makes every ticket of lists/fill.sql an unpaid one that is not overdue yet, with its seat and an address for messages.
-- Without triggers and checks of foreign keys: what they keep is mended at the end.
\set ON_ERROR_STOP on
begin;
set local session_replication_role = replica;
set local synchronous_commit = off;
update passengers set email = 'olena@example.com';
update tickets set status = 'Processing', payment_status = 'Unpaid', created_at = now();
insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
select id, trip_id, service_day, row_number() over (partition by trip_id, service_day), int4range(boarding_position, alighting_position)
from tickets;
commit;
select list_counts_mend() \gset
vacuum analyze;
