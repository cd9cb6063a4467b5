//! Every operation of the document, called in every wrong way: one shape of error whatever is wrong, and nothing for
//! whoever may not. The operations are read out of the document, so a new one is walked without being listed.
//!
//! `cfg(test)` lets helpers unwrap as clippy lets tests.

#[cfg(test)]
mod answer;
#[cfg(test)]
mod body;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod code;
#[cfg(test)]
mod credential;
#[cfg(test)]
mod failure;
#[cfg(test)]
#[path = "../sales/feed.rs"]
mod feed;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod key;
#[cfg(test)]
mod limit;
#[cfg(test)]
mod method;
#[cfg(test)]
#[path = "../http/operation.rs"]
mod operation;
#[cfg(test)]
mod path;
#[cfg(test)]
mod provoke;
#[cfg(test)]
mod query;
#[cfg(test)]
mod session;
#[cfg(test)]
mod size;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tenant;
#[cfg(test)]
mod thing;
#[cfg(test)]
mod visitor;
#[cfg(test)]
mod window;
