-- How often partners may call, and how often they do.

alter table partners add column tier text not null default 'STANDARD'
    constraint partners_tier_check check (tier in ('STANDARD', 'PREMIUM'));
comment on column partners.tier is 'Which of the limits in the settings hold for the keys of the partner.';

create table partner_limits (
    partner_id uuid not null constraint partner_limits_partner_fkey references partners on delete cascade,
    class text not null constraint partner_limits_class_check check (class in ('catalogue', 'search', 'read', 'write')),
    quota integer not null constraint partner_limits_quota_check check (quota between 1 and 1000000),
    window_seconds integer not null constraint partner_limits_window_check check (window_seconds between 1 and 86400),
    updated_at timestamptz not null,
    constraint partner_limits_pkey primary key (partner_id, class)
);
comment on table partner_limits is 'Limits that hold instead of those of the tier, for each key of the partner.';

create table partner_usage (
    partner_id uuid not null constraint partner_usage_partner_fkey references partners on delete cascade,
    day date not null,
    catalogue bigint not null,
    search bigint not null,
    read bigint not null,
    write bigint not null,
    limited bigint not null,
    looks bigint not null,
    offers bigint not null,
    bookings bigint not null,
    tickets_booked bigint not null,
    tickets_paid bigint not null,
    tickets_canceled bigint not null,
    constraint partner_usage_pkey primary key (partner_id, day)
);
comment on table partner_usage is 'What partners did by day. A replica that is killed loses what it counted since its last flush, about a second.';
comment on column partner_usage.day is 'UTC.';
comment on column partner_usage.catalogue is 'Requests of that class with a live key, whatever the answer; likewise search, read and write.';
comment on column partner_usage.limited is 'Those of them that were answered 429.';
comment on column partner_usage.looks is 'Searches that were answered: of offers, and of the schedule with a key.';
comment on column partner_usage.offers is 'Departures in those answers.';
comment on column partner_usage.bookings is 'Bookings that were created; the other three are tickets.';
