-- Answers for idempotency keys stay in their row: they are sealed, so compressing them is in vain, and most are a little
-- longer than the 2 kB from which PostgreSQL moves a value to a table of its own, with two more rows and index entries.
-- Answers that are in place stay as they are.

alter table idempotency_keys set (toast_tuple_target = 8160);
