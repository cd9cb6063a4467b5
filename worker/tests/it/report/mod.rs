//! Reports through the whole platform: asked for, relayed by a scheduler, made by a real `report_worker` that is
//! really killed.

mod flood;
mod kill;
mod schedule;
mod support;
mod upkeep;
