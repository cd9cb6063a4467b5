//! Rate limits as partners see them: several API replicas behind real sockets, one Redis, one PostgreSQL.

mod admin;
mod burst;
mod document;
mod header;
mod outage;
mod process;
mod subject;
mod support;
