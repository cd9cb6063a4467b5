-- What companies find their orders by: words of names, addresses and phone numbers, by their beginnings. One row a word,
-- company first, so that a search reads what it finds and nothing of other companies. Triggers keep the rows, so that
-- the release before, which does not know them, keeps them too. 0039 writes those of the tickets that are there.

create function search_key(typed text) returns text language sql immutable parallel safe as $$
    select btrim(translate(regexp_replace(lower(normalize(typed, NFKD)), '[\u0300-\u036f''`’‘ʼʹ]', '', 'g'), 'łđðøħŧıŋ', 'lddohtin'))
$$;
comment on function search_key is 'Lower case, letters without their marks, no apostrophes. Both what is stored and what is searched for go through it.';

create table order_terms (
    ticket_id uuid not null constraint order_terms_ticket_fkey references tickets on delete cascade,
    term text collate "C" not null,
    company_id uuid not null,
    constraint order_terms_pkey primary key (ticket_id, term)
);
create index order_terms_company_idx on order_terms (company_id, term, ticket_id);
comment on table order_terms is 'What a company finds its orders by. Kept by triggers on tickets and passengers.';
comment on column order_terms.term is 'A search_key: a word of the name, the e-mail address, the digits of a phone number; the latter once more from the end, after a ~.';

create function order_terms_add(ids uuid[]) returns void language sql as $$
    insert into order_terms (ticket_id, term, company_id)
    select t.id, word.term, t.company_id
    from tickets t
    join passengers p on p.id = t.passenger_id
    cross join lateral (
        select left(key, 200) as term
        from (
            select regexp_split_to_table(search_key(p.first_name || ' ' || p.last_name), '[\s-]+') as key
            union all select search_key(p.email)
            union all select ltrim(f.phone, '+') from passenger_phones f where f.passenger_id = p.id
            union all select '~' || reverse(ltrim(f.phone, '+')) from passenger_phones f where f.passenger_id = p.id
        ) as keys
        where key <> ''
    ) as word
    where t.id = any(ids)
    on conflict do nothing
$$;

create function tickets_termed() returns trigger language plpgsql as $$
begin
    perform order_terms_add(array(select id from changed));
    return null;
end $$;

create function passengers_termed() returns trigger language plpgsql as $$
declare
    ids constant uuid[] := array(select t.id from changed p join tickets t on t.passenger_id = p.id);
begin
    delete from order_terms where ticket_id = any(ids);
    perform order_terms_add(ids);
    return null;
end $$;

-- Whoever waits for a lock here keeps sales waiting behind itself: better to fail soon, and be run again.
set local lock_timeout = '3s';
create trigger tickets_termed after insert on tickets referencing new table as changed
    for each statement execute function tickets_termed();
create trigger passengers_termed after update on passengers referencing new table as changed
    for each statement execute function passengers_termed();
