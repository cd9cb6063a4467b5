//! The HTTP entry point: it converts requests to arguments of use cases, and their results to responses. It contains no
//! rules and no SQL.

pub mod assembly;
pub mod auth;
pub mod backoffice;
pub mod context;
pub mod distribution;
pub mod error;
pub mod files;
pub mod fixed;
pub mod health;
pub mod legacy;
pub mod listener;
pub mod middleware;
pub mod openapi;
pub mod ops;
pub mod pages;
pub mod route;
pub mod routes;
pub mod run;
pub mod server;
pub mod state;
pub mod wire;
