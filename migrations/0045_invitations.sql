-- Invitations of people into a company or to a partner, by mail.

create table invitations (
    id uuid constraint invitations_pkey primary key,
    company_id uuid constraint invitations_company_fkey references companies,
    partner_id uuid constraint invitations_partner_fkey references partners,
    email text not null constraint invitations_email_lower_check check (email = lower(email)),
    role text not null constraint invitations_role_check check (role in ('ADMIN', 'MANAGER', 'DISPATCHER', 'ACCOUNTANT')),
    language text not null,
    invited_by uuid not null constraint invitations_invited_by_fkey references users,
    link text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    sent_at timestamptz,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    constraint invitations_one_place_check check ((company_id is null) <> (partner_id is null))
);
comment on column invitations.link is 'What the mail says; removed when the mail has left, or the invitation is over. The token in it is signed and checked against this row.';
comment on column invitations.sent_at is 'When the mail server took the mail.';
create unique index invitations_open_key on invitations (company_id, partner_id, email) nulls not distinct
    where accepted_at is null and withdrawn_at is null;
create index invitations_company_idx on invitations (company_id, id desc);
create index invitations_partner_idx on invitations (partner_id, id desc);
create index invitations_invited_by_idx on invitations (invited_by);
create index invitations_expires_idx on invitations (expires_at);
