-- What housekeeping looks for. Sessions that ended by themselves have sessions_expires_idx, finished jobs jobs_done_idx.

create index sessions_revoked_idx on sessions (revoked_at) where revoked_at is not null;
