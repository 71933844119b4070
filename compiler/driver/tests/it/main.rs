//! Tests of the pipeline as a whole.

mod expressions;
mod incremental;
mod recovery;
mod references;
