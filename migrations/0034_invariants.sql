-- What the invariant checker finds, and how far its passes over whole tables have come.

create table invariants (
    rule text constraint invariants_pkey primary key,
    broken uuid[] not null default '{}',
    suspects uuid[] not null default '{}',
    checked_at timestamptz not null,
    violations integer not null generated always as (cardinality(broken)) stored
);
comment on table invariants is 'The latest result of each rule that must always hold.';
comment on column invariants.broken is 'What breaks the rule, at most 1000 of them: tickets, messages, jobs, reports, as the rule says. Checked again with every run.';
comment on column invariants.suspects is 'Of rules about what is repaired within seconds: what broke the rule at the latest run. It counts as broken when it does so at the next run as well.';

create table invariant_passes (
    subject text constraint invariant_passes_pkey primary key,
    reached uuid not null,
    ended_at timestamptz
);
comment on table invariant_passes is 'Runs look at the newest rows of a table and at a slice of the others; this is where the next slice begins.';
comment on column invariant_passes.reached is 'Rows up to this id were looked at.';
comment on column invariant_passes.ended_at is 'When a pass over the whole table ended last.';
