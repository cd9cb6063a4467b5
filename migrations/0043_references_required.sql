-- All have a reference now. Validating takes no lock that sales wait for, and spares the next statements their look.

alter table bookings validate constraint bookings_reference_check;
alter table tickets validate constraint tickets_reference_check;

set local lock_timeout = '3s';
alter table bookings alter column reference set not null;
alter table tickets alter column reference set not null;
alter table bookings drop constraint bookings_reference_check;
alter table tickets drop constraint tickets_reference_check;
