//! Tests of the pipeline as a whole.

mod backstop;
mod incremental;
mod recovery;
mod references;
mod units;
