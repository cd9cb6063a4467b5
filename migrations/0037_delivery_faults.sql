-- Whose fault it is that a message did not leave, so that companies and partners are told in plain words.

alter table notifications add column fault text
    constraint notifications_fault_check check (fault in ('request', 'provider', 'setup'));
comment on column notifications.fault is 'Of the last attempt that failed; null before one, and in rows of releases before.';
