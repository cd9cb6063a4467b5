//! Bounds the bytes of request bodies in memory, for each address and in total.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::throttle::place;
use poem::http::{HeaderValue, header};

use crate::error::{ApiError, Code};

/// How many bytes may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// For one body.
    pub body: usize,
    /// For all bodies of one address (of an IPv6 address, its /64).
    pub address: usize,
    /// For all bodies.
    pub all: usize,
}

/// The bytes that are held; clones share them.
#[derive(Debug, Clone)]
pub struct InFlight {
    capacity: Capacity,
    held: Arc<Mutex<Bytes>>,
}

#[derive(Debug, Default)]
struct Bytes {
    all: usize,
    of_address: HashMap<IpAddr, usize>,
}

/// Bytes of one body; released when it is dropped.
#[derive(Debug)]
pub struct Held {
    of: InFlight,
    address: IpAddr,
    bytes: usize,
}

impl InFlight {
    /// A counter at zero.
    #[must_use]
    pub fn new(capacity: Capacity) -> Self {
        Self {
            capacity,
            held: Arc::default(),
        }
    }

    /// Begins a body from this address; nothing of it is held yet.
    #[must_use]
    pub fn begin(&self, address: IpAddr) -> Held {
        Held {
            of: self.clone(),
            address: place(address),
            bytes: 0,
        }
    }

    fn held(&self) -> MutexGuard<'_, Bytes> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Reserves bytes for a body, within the limits.
    ///
    /// # Errors
    /// 429 when the limit of the address is reached, 503 when the total limit is.
    pub fn grow(&mut self, bytes: usize) -> Result<(), ApiError> {
        let more = bytes.saturating_sub(self.bytes);
        if more == 0 {
            return Ok(());
        }
        let mut held = self.of.held();
        let of_address = held.of_address.get(&self.address).copied().unwrap_or_default() + more;
        let (all, capacity) = (held.all + more, self.of.capacity);
        let refused = if of_address > capacity.address {
            Code::RateLimited
        } else if all > capacity.all {
            Code::Unavailable
        } else {
            held.all = all;
            held.of_address.insert(self.address, of_address);
            self.bytes += more;
            return Ok(());
        };
        let error = ApiError::new(refused, "Too many concurrent request bodies; try again");
        Err(match refused {
            // It has the header already.
            Code::Unavailable => error,
            _ => error.header(header::RETRY_AFTER, HeaderValue::from_static("1")),
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.bytes == 0 {
            return;
        }
        let mut held = self.of.held();
        held.all -= self.bytes;
        if let Some(of_address) = held.of_address.get_mut(&self.address) {
            *of_address -= self.bytes;
            if *of_address == 0 {
                held.of_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Capacity, InFlight};

    fn from(number: u8) -> IpAddr {
        [192, 0, 2, number].into()
    }

    #[test]
    fn an_address_has_its_capacity_and_all_have_theirs_until_bodies_are_gone() {
        let in_flight = InFlight::new(Capacity {
            body: 100,
            address: 10,
            all: 25,
        });
        let (mut first, mut second) = (in_flight.begin(from(1)), in_flight.begin(from(1)));
        first.grow(4).unwrap();
        first.grow(6).unwrap();
        second.grow(4).unwrap();
        let full = second.grow(5).unwrap_err().response();
        assert_eq!(
            (full.status(), full.header("retry-after")),
            (429.try_into().unwrap(), Some("1"))
        );
        let mut others = [in_flight.begin(from(2)), in_flight.begin(from(3))];
        others[0].grow(10).unwrap();
        let full = others[1].grow(6).unwrap_err().response();
        assert_eq!(
            (full.status(), full.header("retry-after")),
            (503.try_into().unwrap(), Some("1"))
        );
        others[1].grow(5).unwrap();
        drop(first);
        second.grow(10).unwrap();
        drop((second, others));
        // A body without bytes leaves no entry behind.
        in_flight.begin(from(4)).grow(0).unwrap();
        let held = in_flight.held();
        assert_eq!((held.all, held.of_address.len()), (0, 0));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let in_flight = InFlight::new(Capacity {
            body: 100,
            address: 10,
            all: 100,
        });
        let mut first = in_flight.begin("2001:db8::1".parse().unwrap());
        first.grow(10).unwrap();
        assert!(in_flight.begin("2001:db8::2".parse().unwrap()).grow(1).is_err());
        in_flight.begin("2001:db8:0:1::2".parse().unwrap()).grow(1).unwrap();
    }
}
