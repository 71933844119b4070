//! A host in a saved plan: what is done to it, and from where.

use ::hosts::{Address, Observed};
use plan::hosts::Facts;
use serde_json::{Value, json};

use crate::exit::Failure;

/// All that what is done to a host follows from: how it is reached, what it runs and boots, when its turn is, and whether
/// its pods move away before. The step alone does not tell these.
pub(super) fn kept(one: &Observed) -> Result<Value, Failure> {
    let mut kept = serde_json::to_value(&one.step).map_err(|error| Failure::cannot(error.to_string()))?;
    let Address { name: _, user, at, port, key } = &one.wanted.address;
    kept["reached"] = json!({ "user": user, "at": at, "port": port, "key": key });
    kept["found"] = one
        .facts
        .as_ref()
        .map(|Facts { running, boots, .. }| json!({ "runs": running, "boots": boots }))
        .into();
    kept["role"] = format!("{:?}", one.wanted.role).into();
    kept["drains"] = one.wanted.drains.into();
    Ok(kept)
}
