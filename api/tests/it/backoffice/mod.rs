//! The backoffice as its people meet it: real HTTP with cookies, a real PostgreSQL, a clock that tests move.

mod api_key;
mod authorisation;
mod counter;
mod delivery;
mod google;
mod idempotency;
mod ops;
mod order;
mod order_cancel;
mod order_list;
mod order_move;
mod order_race;
mod order_search;
mod people;
mod permission;
mod person;
mod report;
mod resend;
mod secrets;
mod session;
mod support;
mod throttle;
mod ticket_file;
mod tracking;
mod usage;
mod walk;
