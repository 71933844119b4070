//! Tests of the pipeline as a whole.

mod backstop;
mod flags;
mod incremental;
mod recovery;
mod references;
mod support;
mod units;
