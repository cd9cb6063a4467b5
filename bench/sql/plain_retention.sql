-- Deletes all rows of `plain_jobs` (sql/finished.sql) as an implementation without partitions would: a thousand at a
-- time, the oldest first, each batch in a transaction of its own. It continues where the last batch ended, so that no
-- batch reads the dead entries of the index that the ones before have left.
do $$
declare
    reached timestamptz := '-infinity';
    latest timestamptz;
begin
    loop
        with gone as (
            delete from plain_jobs where ctid = any (array(
                select ctid from plain_jobs where finished_at >= reached
                order by finished_at limit 1000 for update skip locked
            ))
            returning finished_at
        )
        select max(finished_at) into latest from gone;
        commit;
        exit when latest is null;
        reached := latest;
    end loop;
end
$$;
