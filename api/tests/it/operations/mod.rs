//! Every operation of the document, called in every wrong way: the same format for every error, and no information for
//! unauthorised callers. The operations are read out of the document, so a new one is walked without being listed.

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
