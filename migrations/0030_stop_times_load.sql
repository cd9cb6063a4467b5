-- Stop times are the bulk of every import. No query looks for them by stop: a trip's are read by the primary key, and
-- all of them by joining trips. Stops are withdrawn, never deleted, so no foreign key needs the index either. Keeping it
-- up was about a third of the time that PostgreSQL takes to store them, and most of what is written to the log.

drop index if exists stop_times_stop_idx;

-- The same checks over each trip and stop once instead of over each call: a call more is one more row to group, where
-- it was one more look into an index. 86,193 calls at 664 stops: 20 ms for each of the two instead of 75.
create or replace function check_stop_times_references() returns trigger language plpgsql as $$
begin
    if exists (
        select from (select distinct trip_id from added) as a where not exists (select from trips where trips.id = a.trip_id)
    ) then
        raise foreign_key_violation using message = 'a stop time of an unknown trip', constraint = 'stop_times_trip_fkey';
    end if;
    if exists (
        select from (select distinct stop_id from added) as a where not exists (select from stops where stops.id = a.stop_id)
    ) then
        raise foreign_key_violation using message = 'a stop time at an unknown stop', constraint = 'stop_times_stop_fkey';
    end if;
    return null;
end
$$;
