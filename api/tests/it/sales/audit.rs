//! What must hold in the database whenever nothing is running, after any sequence of events.

use app::invariant::{self, LASTING};

use crate::sales::support::Shop;

impl Shop {
    /// Checks what must hold whenever nothing is running, after any sequence of events: all invariants, and that each
    /// held seat exists on the bus (unless an import brought a smaller one).
    pub async fn audit(&self) {
        for result in invariant::check(self.pool(), &self.clock, LASTING).await.unwrap() {
            let (rule, meaning) = (result.rule, result.rule.meaning());
            assert_eq!(result.examples, [""; 0], "{rule}: {meaning}");
        }
        let offenders: Vec<String> = sqlx::query_scalar(
            "select h.ticket_id::text from seat_holds h
             join departures d using (trip_id, service_day) join buses b on b.id = d.bus_id
             where h.seat not between 1 and b.seats",
        )
        .fetch_all(self.pool())
        .await
        .unwrap();
        assert_eq!(offenders, [""; 0], "every held seat is on the bus");
    }
}
