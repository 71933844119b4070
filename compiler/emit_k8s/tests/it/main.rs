//! Tests of what components look like, and of what readers and tools make of them.
#![allow(clippy::disallowed_methods, reason = "files are written for the tools to read")]

mod components;
mod examples;
mod lab;
mod order;
mod restarts;
mod tools;
