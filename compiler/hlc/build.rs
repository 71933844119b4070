//! Where a program is linked with musl, links it with memory functions that are faster than musl's (`musl/memory.c`).

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "Cargo speaks with build scripts that way"
)]

fn main() {
    println!("cargo::rerun-if-changed=musl/memory.c");
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("musl") {
        cc::Build::new()
            .file("musl/memory.c")
            // A copy must not become a call of the function that it stands in, as it does where nothing is optimised.
            .flag("-ffreestanding")
            .opt_level(2)
            .warnings_into_errors(true)
            .compile("memory");
    }
}
