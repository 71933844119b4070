//! Tests of how far objects are: beside kstatus, against it, and with any JSON there is.

mod any_json;
mod cases;
mod overrides;
mod uncovered;
mod upstream;
