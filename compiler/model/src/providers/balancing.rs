//! What charts have to do with services of type `LoadBalancer`.

use super::{Fact, any_entry, known};
use crate::{Data, Release};

/// What a chart has to do with services of type `LoadBalancer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balancing {
    /// Nothing.
    Nothing,
    /// It has one.
    Asks,
    /// It chooses addresses for them, which somebody else must answer at.
    Gives,
    /// It answers at the addresses that they say or are given.
    Answers,
    /// It does both.
    GivesAndAnswers,
}

/// Annotations and fields that ask a load balancer for addresses.
pub const ASKING: &[&str] = &[
    "kube-vip.io/loadbalancerIPs",
    "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
    "loadBalancerIP",
];

/// Whether a chart gives addresses to services of type `LoadBalancer`.
pub fn balances(chart: &str) -> bool {
    known(chart).contains(&Fact::Balances)
}

/// What a chart has to do with services of type `LoadBalancer`, by its name and its values.
pub fn balancing(release: &Release) -> Balancing {
    let chart = release.chart.name.as_str();
    let says = |wanted: &[&str], text: &str| {
        any_entry(&release.values, &|key, value| {
            wanted.contains(&key) && matches!(value, Data::Text(value) if value == text)
        })
    };
    let is_off = |key: &str| {
        says(&[key], "false")
            || any_entry(&release.values, &|other, value| other == key && *value == Data::Bool(false))
    };
    match chart {
        "kube-vip-cloud-provider" => Balancing::Gives,
        "kube-vip" if is_off("svc_enable") => Balancing::Nothing,
        "kube-vip" => Balancing::Answers,
        _ if balances(chart) => Balancing::GivesAndAnswers,
        _ => {
            let is_other = ["ClusterIP", "NodePort"].iter().any(|kind| says(&["type"], kind));
            let asks = says(&["type"], "LoadBalancer")
                || any_entry(&release.values, &|key, _| ASKING.contains(&key))
                || (known(chart).contains(&Fact::Asks) && !is_other);
            if asks { Balancing::Asks } else { Balancing::Nothing }
        }
    }
}
