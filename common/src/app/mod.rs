//! The verbs, one noun a file: begin a transaction, ask `domain`, write through `db`, enqueue, commit.
//! No network call stands between begin and commit.

pub mod api_key;
pub mod city;
pub mod company;
pub mod discount;
pub mod exchange_rate;
pub mod notification;
pub mod partner;
pub mod password;
pub mod refund_rule;
pub mod timetable;
pub mod user;
