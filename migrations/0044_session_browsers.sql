-- What a person recognises a session by, in the list of their own.

set local lock_timeout = '3s';
alter table sessions add column browser text;
comment on column sessions.browser is 'Browser and system at sign-in, of a closed list (domain::browser); null: none of these, or begun by the release before.';
