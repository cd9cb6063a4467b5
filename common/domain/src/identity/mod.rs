//! Matches the stops, routes, agencies and trips of a feed with those that are already stored.
//!
//! A publisher may change, swap or reuse the ids of a feed. So objects are identified by what they do: a stop by its
//! position, a trip by its calls and times, a route and an agency by their trips. An id only decides between objects
//! that are otherwise alike.

mod doubles;
mod lines;
mod stops;
#[cfg(test)]
mod tests;
mod trips;

pub use doubles::leave_out_doubles;
pub use lines::{Agency, Route, same_agencies, same_routes};
pub use stops::{ComparedStop, same_stops};
pub use trips::{Call, Trip, same_trips};

/// For each new object the position of the known one that it matches, if any. No known object matches two new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pairs {
    known_of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairs {
    fn new(known: usize, new: usize) -> Self {
        Self {
            known_of: vec![None; new],
            taken: vec![false; known],
        }
    }

    /// Whether neither of the two has a counterpart yet.
    fn are_open(&self, known: usize, new: usize) -> bool {
        !self.taken[known] && self.known_of[new].is_none()
    }

    /// Pairs the two if neither has a counterpart yet.
    fn pair(&mut self, known: usize, new: usize) {
        if self.are_open(known, new) {
            self.taken[known] = true;
            self.known_of[new] = Some(known);
        }
    }

    /// New objects without a counterpart.
    fn open(&self) -> Vec<usize> {
        (0..self.known_of.len())
            .filter(|new| self.known_of[*new].is_none())
            .collect()
    }

    /// Known objects without a counterpart.
    fn free(&self) -> Vec<usize> {
        (0..self.taken.len()).filter(|known| !self.taken[*known]).collect()
    }

    /// Pairs by votes, those with the most first.
    fn elect(&mut self, votes: impl IntoIterator<Item = ((usize, usize), usize)>) {
        let mut votes: Vec<_> = votes.into_iter().collect();
        votes.sort_unstable_by_key(|(pair, number)| (std::cmp::Reverse(*number), *pair));
        for ((known, new), _) in votes {
            self.pair(known, new);
        }
    }
}
