-- Which published timetable the check of an upload compared it with, so that it is not published when that has changed since.

alter table timetable_uploads add column compared_with timestamptz;
comment on column timetable_uploads.compared_with is 'When the timetable with which its check compared it had changed last; null if nothing was published.';
-- Uploads that can be published now. If the timetable has changed since their check, this finds none or another one.
update timetable_uploads u
set compared_with = (
    select coalesce(f.withdrawn_at, f.imported_at)
    from (select feed_id, bool_or(withdrawn_at is null) as is_live from routes where company_id = u.company_id
          group by feed_id) as own
    join feeds f on f.id = own.feed_id
    where coalesce(f.withdrawn_at, f.imported_at) <= u.checked_at
    order by own.is_live desc, f.imported_at desc limit 1
)
where u.checked_at is not null and u.published_at is null;
