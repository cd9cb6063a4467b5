-- What requests with an Idempotency-Key were answered (contract section 1).

create table idempotency_keys (
    caller text not null,
    key_hash bytea not null constraint idempotency_keys_key_hash_check check (length(key_hash) = 32),
    fingerprint bytea not null constraint idempotency_keys_fingerprint_check check (length(fingerprint) = 32),
    status smallint not null constraint idempotency_keys_status_check check (status between 200 and 499 and status not in (409, 429)),
    content_type text,
    content_location text,
    sealed_body bytea not null,
    created_at timestamptz not null,
    constraint idempotency_keys_pkey primary key (caller, key_hash)
);
comment on table idempotency_keys is 'Answers that are replayed for 24 hours, each written in the transaction of its effect. A request that is being served has no row yet, but an advisory lock.';
comment on column idempotency_keys.caller is 'Environment and partner; or environment, person and where they work.';
comment on column idempotency_keys.key_hash is 'SHA-256 of the key.';
comment on column idempotency_keys.fingerprint is 'SHA-256 of method, path with query, and body of the request.';
comment on column idempotency_keys.content_type is 'Header of the answer, like content_location; the others are made anew.';
comment on column idempotency_keys.sealed_body is 'Body of the answer. Sealed with VAULT_KEY: some hold what is shown once.';
comment on column idempotency_keys.created_at is 'On the clock of the program.';
create index idempotency_keys_created_idx on idempotency_keys (created_at);
