//! Tests of the pipeline as a whole.

mod incremental;
mod recovery;
mod references;
