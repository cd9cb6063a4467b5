//! Every operation of the document, called in every wrong way: all errors have the same format and give unauthorised
//! callers no information. The operations are read from the document, so a new one is tested without being listed.

mod answer;
mod body;
mod broken;
mod code;
mod credential;
mod failure;
mod judge;
mod key;
mod limit;
mod method;
mod path;
mod provoke;
mod query;
mod session;
mod size;
mod socket;
mod stage;
mod tenant;
mod thing;
mod visitor;
mod window;
