-- Who takes part: companies that run buses, partners that resell, the people of both, and what each may do.

create table companies (
    id uuid constraint companies_pkey primary key,
    slug text not null constraint companies_slug_key unique,
    name text not null,
    email text,
    website text,
    rules text,
    logo_url text,
    ceo text,
    socials text[] not null default '{}',
    partner_company boolean not null default false,
    tier text not null default 'FREE' constraint companies_tier_check check (tier in ('FREE', 'BASIC', 'PRO')),
    time_zone text not null,
    sales_cutoff_minutes integer not null default 0 constraint companies_sales_cutoff_check check (sales_cutoff_minutes >= 0),
    cancellation_cutoff_hours integer constraint companies_cancellation_cutoff_check check (cancellation_cutoff_hours >= 0),
    created_at timestamptz not null
);
comment on column companies.time_zone is 'IANA name; the days of reports and discounts are days in it.';
comment on column companies.sales_cutoff_minutes is 'A departure closes for sale so many minutes before boarding.';
comment on column companies.cancellation_cutoff_hours is 'Paid tickets cannot be canceled later than this before boarding; null means always allowed.';

create table carriers (
    id uuid constraint carriers_pkey primary key,
    company_id uuid not null constraint carriers_company_fkey references companies,
    key text not null,
    name text not null,
    phones text[] not null default '{}',
    constraint carriers_company_key_key unique (company_id, key)
);
comment on table carriers is 'The fleet that runs a route (carriage in the contract): a GTFS agency inside a company.';

create table partners (
    id uuid constraint partners_pkey primary key,
    slug text not null constraint partners_slug_key unique,
    name text not null,
    created_at timestamptz not null
);

create table api_keys (
    id uuid constraint api_keys_pkey primary key,
    partner_id uuid not null constraint api_keys_partner_fkey references partners,
    name text not null,
    environment text not null,
    hint text not null,
    secret_hash bytea not null constraint api_keys_secret_hash_key unique,
    created_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
comment on column api_keys.hint is 'The first characters of the key, shown so that people can tell keys apart.';
comment on column api_keys.secret_hash is 'SHA-256 of the key text; the key itself (256 random bits) is shown once and never stored.';
create index api_keys_partner_idx on api_keys (partner_id, created_at desc);

create table partner_permissions (
    id uuid not null constraint partner_permissions_id_key unique,
    company_id uuid not null constraint partner_permissions_company_fkey references companies,
    partner_id uuid not null constraint partner_permissions_partner_fkey references partners,
    accesses text[] not null constraint partner_permissions_accesses_check check (accesses <@ array['SEARCH', 'BOOK', 'CANCEL']),
    updated_at timestamptz not null,
    constraint partner_permissions_pkey primary key (company_id, partner_id)
);
comment on table partner_permissions is 'What a company lets a partner do. No row means everything is allowed; an empty list means nothing is.';
create index partner_permissions_partner_idx on partner_permissions (partner_id);

create table users (
    id uuid constraint users_pkey primary key,
    email text not null constraint users_email_key unique constraint users_email_lower_check check (email = lower(email)),
    first_name text not null,
    last_name text not null,
    password_hash text,
    created_at timestamptz not null
);
comment on column users.password_hash is 'argon2id in PHC format; null for people who sign in with Google only.';

create table accesses (
    id uuid constraint accesses_pkey primary key,
    user_id uuid not null constraint accesses_user_fkey references users on delete cascade,
    context_type text not null constraint accesses_context_check check (context_type in ('COMPANY', 'PARTNER')),
    company_id uuid constraint accesses_company_fkey references companies,
    partner_id uuid constraint accesses_partner_fkey references partners,
    role text not null constraint accesses_role_check check (role in ('ADMIN', 'MANAGER', 'DISPATCHER', 'ACCOUNTANT')),
    constraint accesses_one_context_check check (
        (context_type = 'COMPANY' and company_id is not null and partner_id is null)
        or (context_type = 'PARTNER' and partner_id is not null and company_id is null)
    ),
    constraint accesses_user_company_key unique nulls not distinct (user_id, company_id, partner_id)
);
create index accesses_company_idx on accesses (company_id);
create index accesses_partner_idx on accesses (partner_id);

create table refund_rules (
    id uuid constraint refund_rules_pkey primary key,
    company_id uuid not null constraint refund_rules_company_fkey references companies,
    hours integer not null constraint refund_rules_hours_check check (hours >= 0),
    percent numeric(5, 2) constraint refund_rules_percent_check check (percent between 0 and 100),
    amount numeric(12, 2) constraint refund_rules_amount_check check (amount >= 0),
    currency text,
    constraint refund_rules_company_hours_key unique (company_id, hours),
    constraint refund_rules_one_kind_check check (
        (percent is not null and amount is null and currency is null)
        or (percent is null and amount is not null and currency is not null)
    )
);
comment on table refund_rules is 'Tiers: canceled at least hours before boarding, percent of the price or a fixed sum comes back.';

create table discounts (
    id uuid constraint discounts_pkey primary key,
    company_id uuid not null constraint discounts_company_fkey references companies,
    name text not null,
    rule text not null constraint discounts_rule_check check (rule in ('Percent', 'Fixed')),
    amount numeric(12, 2) not null constraint discounts_amount_check check (amount >= 0),
    currency text,
    start_date date,
    end_date date,
    constraint discounts_percent_check check (rule <> 'Percent' or (amount <= 100 and currency is null)),
    constraint discounts_fixed_check check (rule <> 'Fixed' or currency is not null),
    constraint discounts_range_check check (start_date <= end_date)
);
comment on column discounts.start_date is 'First day of sale on which it applies, in the time zone of the company; null is open.';
create index discounts_company_idx on discounts (company_id);
