-- no-transaction
-- References of what was there before the triggers of 0041: a thousand rows a transaction, so that nobody waits for one of
-- these rows for long. Run again after an interruption, it goes on with those that have none.

do $$
declare
    last uuid := '00000000-0000-0000-0000-000000000000';
    ids uuid[];
begin
    loop
        ids := array(select id from bookings where id > last order by id limit 1000);
        exit when cardinality(ids) = 0;
        update bookings set reference = reference_new(id) where id = any(ids) and reference is null;
        last := ids[cardinality(ids)];
        commit;
    end loop;
    last := '00000000-0000-0000-0000-000000000000';
    loop
        ids := array(select id from tickets where id > last order by id limit 1000);
        exit when cardinality(ids) = 0;
        update tickets set reference = reference_new(id) where id = any(ids) and reference is null;
        last := ids[cardinality(ids)];
        commit;
    end loop;
end $$;
