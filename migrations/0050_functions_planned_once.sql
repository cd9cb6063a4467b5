-- A function in SQL that is not inlined is planned at each call; one in PL/pgSQL once a session. Triggers call these for
-- each sale: planning took six times as long as writing the words of a ticket.

create or replace function order_terms_add(ids uuid[]) returns void language plpgsql as $$
begin
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
    on conflict do nothing;
end $$;

create or replace function note_changes(of_kind text, subjects uuid[]) returns void language plpgsql as $$
begin
    insert into changes (kind, subject) select distinct of_kind, changed.subject from unnest(subjects) as changed (subject)
    on conflict do nothing;
end $$;
