//! What is planned, applied and pruned, against a real API server.
#![allow(clippy::disallowed_methods, reason = "tests look at files and start programs")]

mod absent;
mod conflicts;
mod faults;
mod kinds;
mod lab;
mod leases;
mod pruned;
mod requests;
mod rights;
mod secrets;
mod settled;
mod steps;
mod webhooks;
