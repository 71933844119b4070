//! Models for the tests.
