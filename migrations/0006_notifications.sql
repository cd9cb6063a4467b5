-- Messages to passengers: recorded before and after they leave, one per ticket event and channel.

create table notifications (
    id uuid constraint notifications_pkey primary key,
    ticket_id uuid not null constraint notifications_ticket_fkey references tickets on delete cascade,
    history_id uuid not null constraint notifications_history_fkey references ticket_history on delete cascade,
    channel text not null constraint notifications_channel_check check (channel in ('Email', 'Viber')),
    event text not null,
    state text not null default 'pending' constraint notifications_state_check check (state in ('pending', 'sending', 'sent', 'failed')),
    attempts smallint not null default 0,
    first_attempt_at timestamptz,
    sent_at timestamptz,
    last_error text,
    created_at timestamptz not null,
    constraint notifications_event_channel_key unique (history_id, channel)
);
comment on table notifications is 'The id is the stable Message-ID (mail) and tracking id (Viber), so that a repeat is recognised.';
create index notifications_ticket_idx on notifications (ticket_id);
