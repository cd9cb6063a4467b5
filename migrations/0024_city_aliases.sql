-- Names under which people look for a city besides those that are shown.

alter table cities add column aliases text[] not null default '{}';
comment on column cities.aliases is 'Native, historic and foreign names (GeoNames alternate names). Searched, never shown.';
