//! Services.

use serde_json::Value;

use super::{Status, list};
use crate::key::text;

pub(super) fn service(object: &Value) -> Status {
    if text(object, "/spec/type") != "LoadBalancer" {
        return Status::Current;
    }
    if text(object, "/spec/clusterIP").is_empty() {
        return Status::InProgress("it has no address inside the cluster yet".into());
    }
    // One of a pool that is used up, or of a class that nobody serves, stays without forever: that is to be seen.
    let has_address = list(object, "/status/loadBalancer/ingress")
        .any(|one| !text(one, "/ip").is_empty() || !text(one, "/hostname").is_empty());
    if has_address {
        return Status::Current;
    }
    Status::InProgress("no load balancer has given it an address yet".into())
}
