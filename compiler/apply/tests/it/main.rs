//! What is planned, applied and pruned, against a real API server.
#![allow(clippy::disallowed_methods, reason = "tests look at files and start programs")]

mod conflicts;
mod kinds;
mod lab;
mod pruned;
mod secrets;
mod steps;
