-- What people say and type to name a booking or a ticket. The reference comes of the id, whose random bits the program
-- drew, and of the number of the attempt: so the release before, which does not know the column, gets one too, and a
-- candidate that somebody has is followed by another one without a further round trip.
-- Before the release, on large tables: add the columns by hand (the statements below), then create the indexes concurrently.

-- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
set local lock_timeout = '3s';

alter table bookings add column if not exists reference text;
alter table tickets add column if not exists reference text;
create unique index if not exists bookings_reference_key on bookings (reference);
create unique index if not exists tickets_reference_key on tickets (reference);
alter table bookings add constraint bookings_reference_check check (reference is not null) not valid;
alter table tickets add constraint tickets_reference_check check (reference is not null) not valid;
comment on column bookings.reference is 'For people: six random characters and one that checks them (domain::reference). No booking and no other ticket has it.';
comment on column tickets.reference is 'As that of bookings, but the ticket''s own.';

create function reference_candidate(id uuid, attempt integer) returns text language plpgsql immutable strict parallel safe as $$
declare
    alphabet constant text := '23456789ACDEFGHJKMNPQRSTVWXYZ';
    digest constant text := encode(sha256(uuid_send(id) || int4send(attempt)), 'hex');
    rest bigint := ('x' || left(digest, 14))::bit(56)::bigint;
    digit integer;
    weighted integer := 0;
    candidate text := '';
begin
    for weight in reverse 7..2 loop
        digit := rest % 29;
        rest := rest / 29;
        weighted := weighted + weight * digit;
        candidate := candidate || substr(alphabet, digit + 1, 1);
    end loop;
    return candidate || substr(alphabet, (29 - weighted % 29) % 29 + 1, 1);
end $$;
comment on function reference_candidate is 'Digits of base 29; the sum of digits times 7, 6, 5, 4, 3, 2, 1 is a multiple of 29. As domain::reference checks it.';

-- What a transaction that has not committed yet takes is not seen here. The indexes refuse it then, and the caller is told
-- to come back: two of 595 million at the same moment.
create function reference_new(id uuid) returns text language plpgsql volatile as $$
declare
    candidate text;
begin
    for attempt in 0..999 loop
        candidate := reference_candidate(id, attempt);
        if not exists (select from bookings where reference = candidate)
           and not exists (select from tickets where reference = candidate) then
            return candidate;
        end if;
    end loop;
    raise exception 'no reference is free for %', id;
end $$;

create function referenced() returns trigger language plpgsql as $$
begin
    new.reference := reference_new(new.id);
    return new;
end $$;
create trigger bookings_referenced before insert on bookings for each row
    when (new.reference is null) execute function referenced();
create trigger tickets_referenced before insert on tickets for each row
    when (new.reference is null) execute function referenced();
