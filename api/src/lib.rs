//! The HTTP door: it converts requests to verbs' arguments and verbs' results to answers. No rule and no SQL here.

pub mod auth;
pub mod backoffice;
pub mod distribution;
pub mod error;
pub mod files;
pub mod fixed;
pub mod health;
pub mod legacy;
pub mod listener;
pub mod middleware;
pub mod openapi;
pub mod pages;
pub mod routes;
pub mod server;
pub mod state;
pub mod wire;
