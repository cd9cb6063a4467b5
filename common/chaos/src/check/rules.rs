//! Rules that one query can check.

use sqlx::PgPool;

use super::{Finding, rows};
use crate::error::Result;

/// Name and query of each rule; each row that the query returns is a violation.
const RULES: [(&str, &str); 15] = [
    (
        "no seat is held twice",
        "select a.ticket_id || ' and ' || b.ticket_id
         from seat_holds a join seat_holds b using (trip_id, service_day, seat)
         where a.ticket_id < b.ticket_id and a.stretch && b.stretch limit 20",
    ),
    (
        "no seat is sold twice",
        "select a.id || ' and ' || b.id
         from tickets a join tickets b using (trip_id, service_day, seat)
         where a.id < b.id and a.boarding_position < b.alighting_position
           and b.boarding_position < a.alighting_position
           and a.status in ('Processing', 'Confirmed') and b.status in ('Processing', 'Confirmed') limit 20",
    ),
    (
        "a ticket holds its seat while it is sold, and no longer",
        "select t.id::text from tickets t left join seat_holds h on h.ticket_id = t.id
         where (t.status in ('Processing', 'Confirmed')) <> (h.ticket_id is not null) limit 20",
    ),
    (
        "a ticket that was not paid in time is Uncompleted, has freed its seat, and has one line and one mail about it",
        "select t.id || ': ' || t.status from chaos.overdue o join tickets t on t.id = o.ticket_id
         where t.status <> 'Uncompleted' or exists (select from seat_holds h where h.ticket_id = t.id)
            or (select count(*) from ticket_history h where h.ticket_id = t.id and h.action = 'uncompleted') <> 1
            or (select count(*) from notifications n where n.ticket_id = t.id and n.event = 'uncompleted'
                and n.channel = 'Email') <> 1
            or (select count(*) from notifications n where n.ticket_id = t.id and n.event = 'uncompleted'
                and n.channel = 'Viber') > 1 limit 20",
    ),
    (
        "no seat is sold that the bus does not have",
        "select t.id::text from tickets t
         join departures d on d.trip_id = t.trip_id and d.service_day = t.service_day join buses b on b.id = d.bus_id
         where t.status in ('Processing', 'Confirmed') and t.seat > b.seats limit 20",
    ),
    (
        "every ticket has a history, and its last line is its state",
        "select t.id::text from tickets t
         left join lateral (select status, payment_status from ticket_history h where h.ticket_id = t.id
                            order by h.number desc limit 1) last on true
         where last.status is distinct from t.status or last.payment_status is distinct from t.payment_status
         limit 20",
    ),
    (
        "every event has its mail",
        "select h.id::text from ticket_history h
         join tickets t on t.id = h.ticket_id join passengers p on p.id = t.passenger_id
         left join notifications n on n.history_id = h.id and n.channel = 'Email'
         where p.email is not null and n.id is null limit 20",
    ),
    (
        "every event has its Viber message",
        "select h.id::text from ticket_history h join tickets t on t.id = h.ticket_id
         left join notifications n on n.history_id = h.id and n.channel = 'Viber'
         where n.id is null and exists (select from passenger_phones p where p.passenger_id = t.passenger_id
                                        and 'Viber' = any(p.messengers)) limit 20",
    ),
    (
        "every message was sent, and has its job, which is done",
        "select 'ntf_' || replace(n.id::text, '-', '') || ' is ' || n.state || ', its job ' || coalesce(j.state, 'is missing')
         from notifications n left join all_jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')
         where n.state <> 'sent' or j.state is distinct from 'done' limit 20",
    ),
    (
        "no job exists without its message",
        "select j.id::text from all_jobs j
         where j.queue in ('email', 'viber')
           and not exists (select from notifications n where j.dedupe_key = 'ntf_' || replace(n.id::text, '-', ''))
         limit 20",
    ),
    (
        "no job is dead",
        "select j.id || ' (' || j.kind || '): ' || coalesce(j.last_error, '') from jobs j where j.state = 'dead' limit 20",
    ),
    (
        "no job is with a process that is gone",
        "select j.id::text from jobs j where j.state = 'running'
           and not exists (select from processes p where p.id = j.process_id) limit 20",
    ),
    (
        "a job is sent only when it is ready, with its attempt, is claimed only when it was sent, and stays done",
        "select t.job_id || ': ' || coalesce(t.old_state, '') || ' ' || coalesce(t.old_attempt, 0) || ' became '
                || t.new_state || ' ' || t.new_attempt
         from chaos.transitions t
         where exists (select from chaos.transitions before where before.job_id = t.job_id and before.number < t.number
                       and before.new_state = 'done')
            or (t.new_state = 'sent' and (t.old_state <> 'ready' or t.new_attempt <> t.old_attempt))
            or (t.new_state = 'running' and (t.old_state <> 'sent' or t.new_attempt <> t.old_attempt + 1)) limit 20",
    ),
    (
        "a job is in the ledger once",
        "select id || ': ' || string_agg(state, ', ') from all_jobs group by id having count(*) > 1 limit 20",
    ),
    (
        "an outcome is recorded by the process that has the job",
        "with holders as (
             select distinct backend, client_port, new_process from chaos.transitions where new_state = 'running'
         )
         select t.job_id || ' of process ' || t.old_process || ' became ' || t.new_state
         from chaos.transitions t
         where t.old_state = 'running' and t.old_process is not null and t.new_state in ('done', 'dead', 'ready')
           and exists (select from holders h where h.backend = t.backend and h.client_port = t.client_port)
           and not exists (select from holders h where h.backend = t.backend and h.client_port = t.client_port
                           and h.new_process = t.old_process)
         limit 20",
    ),
];

/// Checks all rules.
///
/// # Errors
/// When the database does not answer.
pub async fn check(pool: &PgPool) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (rule, question) in RULES {
        let broken = rows(pool, question).await?;
        findings.extend(broken.into_iter().map(|detail| Finding { rule, detail }));
    }
    Ok(findings)
}

/// Records every change of the state, the attempt or the process of a job from now on, with its time, makes a place for
/// the tickets whose payment window was ended, and makes the platform poll buses every two seconds. A job that leaves
/// the table `jobs` is done: none is old enough to be deleted.
///
/// # Errors
/// When the database refuses.
pub async fn prepare(pool: &PgPool) -> Result<()> {
    sqlx::raw_sql(
        "create schema chaos;
         create table chaos.transitions (
             number bigint generated always as identity primary key,
             at timestamptz not null default clock_timestamp(),
             job_id uuid not null,
             old_state text,
             new_state text not null,
             old_attempt smallint,
             new_attempt smallint not null,
             old_process uuid,
             new_process uuid,
             backend integer not null default pg_backend_pid(),
             client_port integer default inet_client_port()
         );
         create index on chaos.transitions (job_id);
         create table chaos.overdue (
             ticket_id uuid primary key,
             at timestamptz not null default clock_timestamp()
         );
         create function chaos.note() returns trigger language plpgsql as $$
         begin
             if tg_op = 'DELETE' then
                 new := old;
                 new.state := 'done';
                 new.process_id := null;
             end if;
             insert into chaos.transitions (job_id, old_state, new_state, old_attempt, new_attempt, old_process, new_process)
             values (new.id, old.state, new.state, old.attempt, new.attempt, old.process_id, new.process_id);
             return null;
         end $$;
         create trigger chaos_note_done after delete on jobs for each row execute function chaos.note();
         create trigger chaos_note after update on jobs for each row
             when (old.state <> new.state or old.attempt <> new.attempt or old.process_id is distinct from new.process_id)
             execute function chaos.note();
         update tracking_accounts set poll_seconds = 2",
    )
    .execute(pool)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;
    use testing::database::TestDb;

    use super::{check, prepare};

    /// A job that was sent and claimed, and whose first attempt failed.
    const FAILED_ONCE: &str = "
        insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at)
        values (gen_random_uuid(), 'report', 'report_generate', '{}', now(), 5, now());
        update jobs set state = 'sent';
        update jobs set state = 'running', attempt = 1, process_id = gen_random_uuid();
        update jobs set state = 'ready', process_id = null";

    /// The job is sent by the relay, claimed, and done.
    const DONE: &str = "
        update jobs set state = 'sent';
        update jobs set state = 'running', attempt = 2;
        delete from jobs";

    /// A worker claims it with an entry of its first attempt.
    const CLAIMED_BY_OLD_ENTRY: &str = "
        update jobs set state = 'sent', attempt = 0;
        update jobs set state = 'running', attempt = 1;
        delete from jobs";

    /// A worker claims it with its entry, though another worker runs it.
    const CLAIMED_TWICE: &str = "
        update jobs set state = 'sent';
        update jobs set state = 'running', attempt = 2;
        update jobs set state = 'sent', attempt = 1;
        update jobs set state = 'running', attempt = 2;
        delete from jobs";

    async fn run(pool: &PgPool, statements: &'static str) {
        sqlx::raw_sql(statements).execute(pool).await.unwrap();
    }

    /// The rules that are broken when these statements follow a failed attempt.
    async fn broken(statements: &'static str) -> Vec<&'static str> {
        let pool = TestDb::new().await.pool;
        prepare(&pool).await.unwrap();
        run(&pool, FAILED_ONCE).await;
        run(&pool, statements).await;
        let findings = check(&pool).await.unwrap();
        findings.into_iter().map(|finding| finding.rule).collect()
    }

    #[tokio::test]
    async fn a_job_that_is_claimed_with_an_old_or_repeated_entry_is_found() {
        assert_eq!(broken(DONE).await, Vec::<&str>::new());
        for statements in [CLAIMED_BY_OLD_ENTRY, CLAIMED_TWICE] {
            let rules = broken(statements).await;
            assert_eq!(rules.len(), 1, "{statements}: {rules:?}");
            assert!(rules[0].starts_with("a job is sent only when it is ready"), "{rules:?}");
        }
    }
}
