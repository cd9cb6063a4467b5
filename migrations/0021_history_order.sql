-- The order of what happened to a ticket, whatever the clocks of those who wrote it said.

create sequence ticket_history_number_seq as bigint;
alter table ticket_history add column number bigint;
alter table ticket_history alter column number set default nextval('ticket_history_number_seq');
alter sequence ticket_history_number_seq owned by ticket_history.number;
comment on column ticket_history.number is
    'Rises along the history of a ticket: whoever writes a line holds the ticket''s row. Null in lines of before; these come first, by id.';
