//! The real server, spoken to over pipes in memory.
#![allow(clippy::disallowed_methods, reason = "tests write files and start threads")]

mod answers;
mod capabilities;
mod client;
mod deploying;
mod edited;
mod files;
mod labs;
mod messages;
mod order;
mod positions;
mod problems;
mod recorded;
mod waiting;
