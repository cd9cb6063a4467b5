-- What a provider replied to a message that it accepted, so that the history of a message names the provider's own id of
-- it; and the index by which the history of a report finds the schedules that it was made for.
--
-- Whoever waits for a lock here keeps sales, which write messages, waiting behind itself: better to fail soon, and be run
-- again.
set local lock_timeout = '3s';

create index if not exists report_runs_report_idx on report_runs (report_id);

alter table report_mails add column reply text;
comment on column report_mails.reply is 'The reply of the mail server that took the mail, in one line, addresses masked; null in rows of releases before.';

alter table notifications add column reply text;
comment on column notifications.reply is 'The reply of the mail server or provider that accepted the message, in one line, addresses masked; null before, and in rows of releases before.';
