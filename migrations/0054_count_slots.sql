-- Slots of the kept counts (0028): a writer adds to the slot of its own server process, found by the primary key. Before,
-- it took the newest slot that nobody held, and looked at those that others held and at their dead versions until it
-- found one; the longer transactions took, the more of them there were. And it goes by index whatever the size of the table
-- was when a session planned it: a table of a hundred slots has thousands of dead versions under load.

create or replace function list_counts_add(in_list text, in_owner uuid, in_part text, amount bigint) returns void
language plpgsql set enable_seqscan = off as $$
declare
    -- Numbers of processes are unique among those that live; generated slots are positive.
    own constant bigint := -pg_backend_pid();
    total bigint;
begin
    if amount = 0 then
        return;
    end if;
    -- A snapshot of a whole transaction cannot lock a row that changed after it: such a writer takes a new slot.
    if current_setting('transaction_isolation') = 'read committed' then
        if random() < 0.02 then
            -- Merges what is free.
            with free as (
                select slot from list_counts where list = in_list and owner_id = in_owner and part = in_part
                limit 64 for update skip locked
            ), gone as (
                delete from list_counts c using free f
                where c.list = in_list and c.owner_id = in_owner and c.part = in_part and c.slot = f.slot
                returning c.n
            )
            select sum(n) into total from gone;
        else
            -- Skipped while another writer merges it.
            update list_counts set n = n + amount
            where list = in_list and owner_id = in_owner and part = in_part and slot = (
                select slot from list_counts where list = in_list and owner_id = in_owner and part = in_part and slot = own
                for update skip locked);
            if found then
                return;
            end if;
        end if;
        -- Only this process inserts its slot, so this waits for nobody: the slot is not there, not even locked.
        if not exists (select from list_counts
                       where list = in_list and owner_id = in_owner and part = in_part and slot = own) then
            insert into list_counts (list, owner_id, part, slot, n) overriding system value
            values (in_list, in_owner, in_part, own, amount + coalesce(total, 0));
            return;
        end if;
    end if;
    insert into list_counts (list, owner_id, part, n) values (in_list, in_owner, in_part, amount + coalesce(total, 0));
end $$;
