-- no-transaction
-- A change of a ticket writes one index entry less: few tickets have a discount, so the index contains only those. The
-- time of the change is no longer written into its booking.

do $migration$
begin
    perform set_config('lock_timeout', '3s', true);
    -- On a large table this is built by hand before the release, with `concurrently`.
    create index if not exists tickets_discounted_idx on tickets (discount_id) where discount_id is not null;
    commit;

    if exists (select from pg_index where indexrelid = 'tickets_discounted_idx'::regclass and not indisvalid) then
        raise exception 'tickets_discounted_idx is invalid: drop it, and build it again with concurrently';
    end if;
    -- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
    perform set_config('lock_timeout', '3s', true);
    drop index if exists tickets_discount_idx;
    comment on column bookings.updated_at is 'When the booking itself last changed, for example its departure. Changes of its tickets are in tickets.updated_at.';
end $migration$;
