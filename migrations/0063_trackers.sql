-- Accounts at tracking providers and their trackers get the names that the code has for them (docs/GLOSSARY.md):
-- fms_accounts becomes tracking_accounts, and fms_objects becomes trackers. Programs of the previous release go on under
-- the old names. A view would not do for them: their inserts name a constraint (on conflict on constraint). So each
-- old name becomes a partitioned table whose only partition is the renamed table: both names lead to the same rows. No
-- row is copied or read: a default partition without others has no constraint to check.

-- Whoever waits for a lock here keeps polls waiting behind itself: better to fail soon, and be run again.
set local lock_timeout = '3s';
-- In the order in which requests lock the tables, so that none of them can be the victim of a deadlock.
lock table fms_objects, fms_accounts in access exclusive mode;

alter table fms_accounts rename to tracking_accounts;
alter table tracking_accounts rename constraint fms_accounts_pkey to tracking_accounts_pkey;
alter table tracking_accounts rename constraint fms_accounts_company_fkey to tracking_accounts_company_fkey;
alter table tracking_accounts rename constraint fms_accounts_provider_check to tracking_accounts_provider_check;
alter table tracking_accounts rename constraint fms_accounts_poll_check to tracking_accounts_poll_check;
alter table tracking_accounts rename constraint fms_accounts_company_name_key to tracking_accounts_company_name_key;
alter index fms_accounts_next_poll_idx rename to tracking_accounts_next_poll_idx;
alter index fms_accounts_next_sync_idx rename to tracking_accounts_next_sync_idx;
comment on table tracking_accounts is 'An account of a company at a tracking provider. The previous release calls it fms_accounts.';

alter table fms_objects rename to trackers;
alter table trackers rename constraint fms_objects_pkey to trackers_pkey;
alter table trackers rename constraint fms_objects_account_fkey to trackers_account_fkey;
alter table trackers rename constraint fms_objects_company_fkey to trackers_company_fkey;
alter table trackers rename constraint fms_objects_bus_fkey to trackers_bus_fkey;
alter table trackers rename constraint fms_objects_account_external_key to trackers_account_external_key;
alter table trackers rename constraint fms_objects_position_check to trackers_position_check;
alter index fms_objects_company_idx rename to trackers_company_idx;
alter index fms_objects_enabled_idx rename to trackers_enabled_idx;
alter index fms_objects_bus_idx rename to trackers_bus_idx;
comment on table trackers is 'A tracker at a provider, with its latest position (rewritten at every poll: room is left on the pages). The previous release calls it fms_objects.';

create table fms_accounts (
    like tracking_accounts including defaults,
    constraint fms_accounts_company_name_key unique (company_id, name)
) partition by list (company_id);
alter table fms_accounts attach partition tracking_accounts default;
comment on table fms_accounts is 'The name of tracking_accounts for programs of the previous release. To drop it, first: alter table fms_accounts detach partition tracking_accounts. Otherwise the accounts are dropped too.';

create table fms_objects (
    like trackers including defaults,
    constraint fms_objects_account_external_key unique (account_id, external_id)
) partition by list (account_id);
alter table fms_objects attach partition trackers default;
comment on table fms_objects is 'The name of trackers for programs of the previous release. To drop it, first: alter table fms_objects detach partition trackers. Otherwise the trackers are dropped too.';
