-- Slots of the kept counts (0028, 0054) of days that are over are added up. A writer merges only the part that it writes to,
-- and slots are numbered by server processes, which come and go: a day that nobody wrote to any more kept up to fifty slots
-- for good, and each page of a list reads the slots of all days. So a writer that merges also adds up an earlier day.

create or replace function list_counts_add(in_list text, in_owner uuid, in_part text, amount bigint) returns void
language plpgsql set enable_seqscan = off as $$
declare
    -- Numbers of processes are unique among those that live; generated slots are positive.
    own constant bigint := -pg_backend_pid();
    other text;
    total bigint;
begin
    if amount = 0 then
        return;
    end if;
    -- A snapshot of a whole transaction cannot lock a row that changed after it: such a writer takes a new slot.
    if current_setting('transaction_isolation') = 'read committed' then
        if random() < 0.02 then
            -- One of the 400 days before, rather a late one. Only its own slots are looked at: those of all days have
            -- thousands of dead versions under load.
            if in_part ~ '^[0-9]+$' then
                other := (in_part::bigint - 1 - floor(400 * random() ^ 2)::bigint)::text;
                if (select count(*) from (select from list_counts
                                          where list = in_list and owner_id = in_owner and part = other
                                          limit 5) as slots) > 4 then
                    total := list_counts_take(in_list, in_owner, other);
                    if total <> 0 then
                        insert into list_counts (list, owner_id, part, n) values (in_list, in_owner, other, total);
                    end if;
                end if;
            end if;
            total := list_counts_take(in_list, in_owner, in_part);
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

create function list_counts_take(in_list text, in_owner uuid, in_part text) returns bigint
language plpgsql set enable_seqscan = off as $$
declare
    total bigint;
begin
    with free as (
        select slot from list_counts where list = in_list and owner_id = in_owner and part = in_part
        limit 64 for update skip locked
    ), gone as (
        delete from list_counts c using free f
        where c.list = in_list and c.owner_id = in_owner and c.part = in_part and c.slot = f.slot
        returning c.n
    )
    select coalesce(sum(n), 0) into total from gone;
    return total;
end $$;
comment on function list_counts_take is 'Deletes the slots of a part that no other transaction holds, and returns their sum, for the caller to insert again.';
