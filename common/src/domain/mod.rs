//! Pure rules, one noun a file: no async, no SQL, no HTTP, no queue; the time is an argument.

pub mod booking;
pub mod catalogue;
pub mod city;
pub mod company;
pub mod discount;
pub mod fare;
pub mod fold;
pub mod gazetteer;
pub mod geo;
pub mod gtfs;
pub mod job;
pub mod journey;
pub mod language;
pub mod notification;
pub mod offer;
pub mod order;
pub mod party;
pub mod realign;
pub mod refund_rule;
pub mod seat;
pub mod slug;
pub mod stop;
pub mod tariff;
pub mod timetable;
pub mod zone;
