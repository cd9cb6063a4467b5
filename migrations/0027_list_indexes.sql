-- On large tables these are built by hand before the release, with `concurrently`, once 0026's column is there.

-- The list of a day in its order, without sorting the day; the list of all without looking at the rows. They take over
-- from bookings_partner_idx and bookings_partner_departure_idx, which the release before uses and the next one drops.
create index if not exists bookings_listed_idx on bookings (partner_id, id desc) where not emptied;
create index if not exists bookings_listed_day_idx on bookings (partner_id, ((departure_at at time zone 'UTC')::date), id desc) where not emptied;

-- The same for a partner's tickets of a day; takes over from tickets_partner_created_idx.
create index if not exists tickets_partner_created_day_idx on tickets (partner_id, ((created_at at time zone 'UTC')::date), id desc);
