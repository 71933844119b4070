//! Random whole labs, over all kinds and fields of the standard library, with hostile names and values.
//!
//! What there is to be set comes from the library's own shapes ([`schema`]), so a field that is new is tried by
//! itself. The tests put what `check` accepts to the real tools; what does not hold is shown with its seed, as small
//! as it gets ([`shrink()`]).
//!
//! ```text
//! seed ─ grow ─▶ a lab that check accepts ─ build ─▶ is it whole?  (whole)
//!                                             ├──▶ an API server, Nix, Helm, readers of YAML  (tests)
//!                                             └──▶ which fields were set                      (tests)
//! ```

mod forms;
mod grow;
mod hostile;
mod lab;
mod literal;
mod maker;
pub mod objects;
mod pattern;
pub mod pods;
pub mod schema;
mod shrink;
pub mod whole;

pub use grow::{Counts, Grower, Grown, built};
pub use lab::{Declaration, Setting};
pub use shrink::shrink;
