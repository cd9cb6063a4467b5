-- A company that sells on behalf of another one.

alter table companies add column partner_company_id uuid constraint companies_partner_company_fkey references companies;
comment on column companies.partner_company_id is 'The company that sells on behalf of this one; null when it sells itself. Replaces partner_company, which nothing reads any more.';
create index companies_partner_company_idx on companies (partner_company_id);
