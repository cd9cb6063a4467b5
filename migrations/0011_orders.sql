-- What carriers do with orders (contract section 7): the index behind their list, and why something was done.

create index if not exists tickets_company_state_idx on tickets (company_id, status, payment_status, id desc) include (trip_id, created_at);

alter table ticket_history add column reason text;
comment on column ticket_history.reason is 'Why, in the words of the person who did it.';
