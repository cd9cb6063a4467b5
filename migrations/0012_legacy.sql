-- The old partner API (contract section 8): who still calls what, and for whom it is closed.

create table legacy_calls (
    partner_id uuid not null constraint legacy_calls_partner_fkey references partners on delete cascade,
    day date not null,
    operation text not null constraint legacy_calls_operation_check check (operation in ('searchOffers', 'createOrders', 'listOrders', 'getOrder', 'getOrderRefundRules', 'updateOrders')),
    calls bigint not null constraint legacy_calls_calls_check check (calls > 0),
    last_at timestamptz not null,
    constraint legacy_calls_pkey primary key (partner_id, day, operation)
);
comment on table legacy_calls is 'Calls of /rest with a valid key, while it was open for the partner; refused ones are not counted.';
comment on column legacy_calls.day is 'UTC.';

create table legacy_windows (
    partner_id uuid constraint legacy_windows_pkey primary key constraint legacy_windows_partner_fkey references partners on delete cascade,
    closed_at timestamptz,
    closed_by text constraint legacy_windows_closed_by_check check (closed_by in ('silence', 'administrator')),
    opened_at timestamptz,
    constraint legacy_windows_closed_check check ((closed_at is null) = (closed_by is null))
);
comment on table legacy_windows is 'Partners for whom /rest was closed, or opened again. No row: open as the rule says.';
comment on column legacy_windows.closed_by is 'silence: the rule, at the first call that found it lapsed; administrator: by hand.';
comment on column legacy_windows.opened_at is 'When an administrator opened it last; the time without calls counts from then on.';

create index if not exists tickets_partner_created_idx on tickets (partner_id, created_at, id);
