//! Results that several requests need at the same time: one makes each, the others wait for it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

/// The results that are being made.
#[derive(Debug)]
pub struct SingleFlight<K, V>(Mutex<HashMap<K, Arc<Flight<V>>>>);

#[derive(Debug)]
struct Flight<V> {
    result: OnceCell<V>,
    /// Its members. Changed under the lock of the map only, so that a flight that is left by its last member is not
    /// joined by another.
    members: AtomicUsize,
}

/// One of those who need a result, until it is dropped.
#[derive(Debug)]
pub struct Member<'a, K: Eq + Hash, V> {
    flights: &'a SingleFlight<K, V>,
    key: K,
    flight: Arc<Flight<V>>,
}

impl<K, V> Default for SingleFlight<K, V> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Clone + Eq + Hash, V> SingleFlight<K, V> {
    /// Joins those who need the result of a key now.
    pub fn join(&self, key: K) -> Member<'_, K, V> {
        let mut flights = self.lock();
        let flight = flights.entry(key.clone()).or_insert_with(|| {
            Arc::new(Flight {
                result: OnceCell::new(),
                members: AtomicUsize::new(0),
            })
        });
        let flight = Arc::clone(flight);
        flight.members.fetch_add(1, Ordering::SeqCst);
        drop(flights);
        Member {
            flights: self,
            key,
            flight,
        }
    }
}

impl<K, V> SingleFlight<K, V> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Arc<Flight<V>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V: Clone> Member<'_, K, V> {
    /// The result. The first member makes it; if that fails, or is dropped, the next one does.
    ///
    /// # Errors
    /// That of its own `make`.
    pub async fn result<E>(&self, make: impl Future<Output = Result<V, E>>) -> Result<V, E> {
        self.flight.result.get_or_try_init(|| make).await.cloned()
    }
}

impl<K: Eq + Hash, V> Drop for Member<'_, K, V> {
    fn drop(&mut self) {
        let mut flights = self.flights.lock();
        let was_last = self.flight.members.fetch_sub(1, Ordering::SeqCst) == 1;
        // After that, others look for a stored result, or make a new one.
        let is_over = was_last || self.flight.result.initialized();
        if is_over
            && flights
                .get(&self.key)
                .is_some_and(|flight| Arc::ptr_eq(flight, &self.flight))
        {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::FutureExt as _;
    use tokio::sync::Semaphore;

    use super::SingleFlight;

    type Flights = SingleFlight<&'static str, u32>;

    #[tokio::test]
    async fn all_members_get_the_result_that_one_makes() {
        let (flights, made, gate) = (Flights::default(), AtomicU32::new(0), Semaphore::new(0));
        let ask = async |key: &'static str| {
            let member = flights.join(key);
            let make = async {
                let _passed = gate.acquire().await.unwrap();
                Ok::<_, Infallible>(made.fetch_add(1, Ordering::SeqCst))
            };
            member.result(make).await.unwrap()
        };
        let open = async { gate.add_permits(1) };
        let (first, second, third, ()) = tokio::join!(ask("a"), ask("a"), ask("b"), open);
        assert_eq!(first, second);
        assert_ne!(first, third);
        assert_eq!(ask("a").await, 2, "nothing is stored");
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn the_next_member_makes_a_result_that_the_first_one_does_not() {
        let flights = Flights::default();
        let (dropped, failing, last) = (flights.join("a"), flights.join("a"), flights.join("a"));
        let mut hanging = Box::pin(dropped.result(std::future::pending::<Result<u32, u32>>()));
        let mut failure = Box::pin(failing.result(async { Err(1) }));
        let mut result = Box::pin(last.result(async { Ok::<_, u32>(2) }));
        assert!(hanging.as_mut().now_or_never().is_none());
        assert!(failure.as_mut().now_or_never().is_none());
        assert!(result.as_mut().now_or_never().is_none());
        drop(hanging);
        assert_eq!(failure.await, Err(1));
        assert_eq!(result.await, Ok(2));
        drop((dropped, failing));
        assert!(flights.lock().is_empty(), "the result is made");
        drop(last);
    }

    #[tokio::test]
    async fn a_key_that_all_members_have_left_is_forgotten() {
        let flights = Flights::default();
        let (first, second) = (flights.join("a"), flights.join("a"));
        drop(first);
        assert!(!flights.lock().is_empty());
        drop(second);
        assert!(flights.lock().is_empty());
    }
}
