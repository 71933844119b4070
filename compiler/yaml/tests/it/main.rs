//! Tests of what readers make of what is written.
#![allow(clippy::disallowed_methods, reason = "files are written for the readers to read")]

mod readers;
