-- What a feed says without saying a price, and where a feed was fetched from.

create table unpriced_scopes (
    id uuid constraint unpriced_scopes_pkey primary key,
    feed_id uuid not null constraint unpriced_scopes_feed_fkey references feeds,
    route_id uuid constraint unpriced_scopes_route_fkey references routes,
    origin_zone text,
    destination_zone text,
    constraint unpriced_scopes_pair_key unique nulls not distinct (feed_id, route_id, origin_zone, destination_zone)
);
comment on table unpriced_scopes is
    'What the feed states a price for that is not known, as in fares: not for sale. No wildcard and no tariff fills in.';
create index unpriced_scopes_route_idx on unpriced_scopes (route_id);

alter table feeds
    add column source_sha256 bytea,
    add column source_etag text,
    add column source_modified text;
comment on column feeds.source_sha256 is
    'Of the address that the last import came from and all that it depended on besides; null when it came from a file, or depends on the day. The address itself may hold a key.';
comment on column feeds.source_etag is 'ETag of that answer, for If-None-Match.';
comment on column feeds.source_modified is 'Last-Modified of that answer, for If-Modified-Since.';
create index feeds_source_idx on feeds (source_sha256);

comment on column stops.latitude is '0 beside longitude 0 when the feed does not say where the stop is; nothing is sold from or to it then.';
