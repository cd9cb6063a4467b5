-- References for rows that a bench fills in: a number from 0 to 29^6 - 1 as the six characters and the check character that
-- people use (`domain::reference`), no two the same. The triggers that find one for each row would take minutes for millions.
create function pg_temp.reference(n bigint) returns text language sql immutable as $$
    select string_agg(substr('23456789ACDEFGHJKMNPQRSTVWXYZ', value::int + 1, 1), '' order by place)
           || substr('23456789ACDEFGHJKMNPQRSTVWXYZ', ((29 - sum(value * (8 - place)) % 29) % 29)::int + 1, 1)
    from (select place, n * 104729 % 594823321 / (29 ^ (place - 1))::bigint % 29 as value from generate_series(1, 6) place) as digits
$$;
