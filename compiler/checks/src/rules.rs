//! The rules. A file each: the declaration, the check, and what reports it; its page stands beside it.

mod address_in_dhcp_range;
mod address_in_pool;
mod address_nobody_gives;
mod address_outside_network;
mod address_used_twice;
mod addresses;
mod boot_left_out;
mod class_nobody_offers;
mod class_of_one_host;
mod cluster_network_too_small;
mod component_name_taken;
mod container_name_taken;
mod custom_resource_too_early;
mod default_classes;
mod device_on_other_host;
mod device_used_twice;
mod duplicate_host_name;
mod duplicate_mac;
mod even_servers;
mod files_too_large;
mod floating_image;
mod host_folder_anywhere;
mod host_in_cluster_twice;
mod host_key_gone;
mod host_not_in_cluster;
mod host_repels_pods;
mod ingress_taken;
mod iscsi_name_twice;
mod limit_below_request;
mod memory_not_installed;
mod missing_host_support;
mod mount_path_taken;
mod mount_taken;
mod multicast_domain;
mod namespace_later_stage;
mod needs_circle;
mod needs_later_stage;
mod neighbour_elsewhere;
mod networks_overlap;
mod nix_does_not_parse;
mod no_admin;
mod no_host_fits;
mod no_host_for_pods;
mod no_ingress_controller;
mod no_load_balancer;
mod no_ssh;
mod object_name_taken;
mod one_network_plugin;
mod only_name_server_inside;
mod only_one_recipient;
mod other_public_half;
mod owner;
mod part_still_needed;
mod password_in_plain;
mod pod_contradicts;
mod pod_security;
mod pods_share_volume;
mod pools_overlap;
mod port_number_twice;
mod port_taken_on_host;
mod provided_twice;
mod provider_later_stage;
mod reader_without_key;
mod recipients_changed;
mod reserved_host_name;
mod resolver_has_port;
mod resource_nobody_offers;
mod same_disk_twice;
mod scaled_twice;
mod secret_expired;
mod secret_name_taken;
mod secret_not_encrypted;
mod secret_not_on_host;
mod secret_owner_unknown;
mod secret_without_value;
mod selector_taken;
mod setting_without_effect;
mod stage_number_twice;
mod syntax;
mod two_default_ingress_classes;
mod two_default_storage_classes;
mod unknown_pod_field;
mod unknown_taint;
mod unknown_time_zone;
mod unmakeable_secret;
mod unstable_device_path;
mod unusable_address;
mod unusable_flag;
mod unusable_inner_name;
mod unusable_label;
mod unusable_name;
mod unusable_node_label;
mod unusable_pod_field;
mod unusable_ssh_key;
mod value_without_declaration;
mod volume_in_other_namespace;
mod volume_on_two_hosts;
mod weak_secret;

pub use addresses::Held;
pub(crate) use addresses::held;

use std::hash::Hash;

use diagnostics::{Problem, Rule};
use model::Entity;
use rustc_hash::FxHashMap;
use source::Place;

use crate::lab::Lab;

/// The rules of this phase.
pub const RULES: &[&Rule] = &[
    &address_in_dhcp_range::ADDRESS_IN_DHCP_RANGE,
    &address_in_pool::ADDRESS_IN_POOL,
    &address_nobody_gives::ADDRESS_NOBODY_GIVES,
    &address_outside_network::ADDRESS_OUTSIDE_NETWORK,
    &address_used_twice::ADDRESS_USED_TWICE,
    &boot_left_out::BOOT_LEFT_OUT,
    &class_nobody_offers::CLASS_NOBODY_OFFERS,
    &class_of_one_host::CLASS_OF_ONE_HOST,
    &cluster_network_too_small::CLUSTER_NETWORK_TOO_SMALL,
    &component_name_taken::COMPONENT_NAME_TAKEN,
    &container_name_taken::CONTAINER_NAME_TAKEN,
    &custom_resource_too_early::CUSTOM_RESOURCE_TOO_EARLY,
    &device_on_other_host::DEVICE_ON_OTHER_HOST,
    &device_used_twice::DEVICE_USED_TWICE,
    &duplicate_host_name::DUPLICATE_HOST_NAME,
    &duplicate_mac::DUPLICATE_MAC,
    &even_servers::EVEN_SERVERS,
    &files_too_large::FILES_TOO_LARGE,
    &floating_image::FLOATING_IMAGE,
    &host_folder_anywhere::HOST_FOLDER_ANYWHERE,
    &host_in_cluster_twice::HOST_IN_CLUSTER_TWICE,
    &host_key_gone::HOST_KEY_GONE,
    &host_not_in_cluster::HOST_NOT_IN_CLUSTER,
    &host_repels_pods::HOST_REPELS_PODS,
    &ingress_taken::INGRESS_TAKEN,
    &iscsi_name_twice::ISCSI_NAME_TWICE,
    &limit_below_request::LIMIT_BELOW_REQUEST,
    &memory_not_installed::MEMORY_NOT_INSTALLED,
    &missing_host_support::MISSING_HOST_SUPPORT,
    &mount_path_taken::MOUNT_PATH_TAKEN,
    &mount_taken::MOUNT_TAKEN,
    &multicast_domain::MULTICAST_DOMAIN,
    &namespace_later_stage::NAMESPACE_LATER_STAGE,
    &needs_circle::NEEDS_CIRCLE,
    &needs_later_stage::NEEDS_LATER_STAGE,
    &neighbour_elsewhere::NEIGHBOUR_ELSEWHERE,
    &networks_overlap::NETWORKS_OVERLAP,
    &nix_does_not_parse::NIX_DOES_NOT_PARSE,
    &no_admin::NO_ADMIN,
    &no_host_fits::NO_HOST_FITS,
    &no_host_for_pods::NO_HOST_FOR_PODS,
    &no_ingress_controller::NO_INGRESS_CONTROLLER,
    &no_load_balancer::NO_LOAD_BALANCER,
    &no_ssh::NO_SSH,
    &object_name_taken::OBJECT_NAME_TAKEN,
    &one_network_plugin::ONE_NETWORK_PLUGIN,
    &only_name_server_inside::ONLY_NAME_SERVER_INSIDE,
    &only_one_recipient::ONLY_ONE_RECIPIENT,
    &other_public_half::OTHER_PUBLIC_HALF,
    &part_still_needed::PART_STILL_NEEDED,
    &password_in_plain::PASSWORD_IN_PLAIN,
    &pod_contradicts::POD_CONTRADICTS,
    &pod_security::POD_SECURITY,
    &pods_share_volume::PODS_SHARE_VOLUME,
    &pools_overlap::POOLS_OVERLAP,
    &port_number_twice::PORT_NUMBER_TWICE,
    &port_taken_on_host::PORT_TAKEN_ON_HOST,
    &provided_twice::PROVIDED_TWICE,
    &provider_later_stage::PROVIDER_LATER_STAGE,
    &reader_without_key::READER_WITHOUT_KEY,
    &recipients_changed::RECIPIENTS_CHANGED,
    &reserved_host_name::RESERVED_HOST_NAME,
    &resolver_has_port::RESOLVER_HAS_PORT,
    &resource_nobody_offers::RESOURCE_NOBODY_OFFERS,
    &same_disk_twice::SAME_DISK_TWICE,
    &scaled_twice::SCALED_TWICE,
    &secret_expired::SECRET_EXPIRED,
    &secret_name_taken::SECRET_NAME_TAKEN,
    &secret_not_encrypted::SECRET_NOT_ENCRYPTED,
    &secret_not_on_host::SECRET_NOT_ON_HOST,
    &secret_owner_unknown::SECRET_OWNER_UNKNOWN,
    &secret_without_value::SECRET_WITHOUT_VALUE,
    &selector_taken::SELECTOR_TAKEN,
    &setting_without_effect::SETTING_WITHOUT_EFFECT,
    &stage_number_twice::STAGE_NUMBER_TWICE,
    &two_default_ingress_classes::TWO_DEFAULT_INGRESS_CLASSES,
    &two_default_storage_classes::TWO_DEFAULT_STORAGE_CLASSES,
    &unknown_taint::UNKNOWN_TAINT,
    &unknown_pod_field::UNKNOWN_POD_FIELD,
    &unknown_time_zone::UNKNOWN_TIME_ZONE,
    &unmakeable_secret::UNMAKEABLE_SECRET,
    &unstable_device_path::UNSTABLE_DEVICE_PATH,
    &unusable_address::UNUSABLE_ADDRESS,
    &unusable_flag::UNUSABLE_FLAG,
    &unusable_inner_name::UNUSABLE_INNER_NAME,
    &unusable_label::UNUSABLE_LABEL,
    &unusable_name::UNUSABLE_NAME,
    &unusable_node_label::UNUSABLE_NODE_LABEL,
    &unusable_pod_field::UNUSABLE_POD_FIELD,
    &unusable_ssh_key::UNUSABLE_SSH_KEY,
    &value_without_declaration::VALUE_WITHOUT_DECLARATION,
    &volume_in_other_namespace::VOLUME_IN_OTHER_NAMESPACE,
    &volume_on_two_hosts::VOLUME_ON_TWO_HOSTS,
    &weak_secret::WEAK_SECRET,
];

/// What checks a lab for one rule.
pub(crate) const CHECKS: &[fn(&Lab<'_>) -> Vec<Problem>] = &[
    address_in_dhcp_range::check,
    address_in_pool::check,
    address_nobody_gives::check,
    address_outside_network::check,
    address_used_twice::check,
    boot_left_out::check,
    class_nobody_offers::check,
    class_of_one_host::check,
    cluster_network_too_small::check,
    component_name_taken::check,
    custom_resource_too_early::check,
    device_on_other_host::check,
    device_used_twice::check,
    duplicate_host_name::check,
    duplicate_mac::check,
    even_servers::check,
    floating_image::check,
    host_folder_anywhere::check,
    host_in_cluster_twice::check,
    host_key_gone::check,
    host_not_in_cluster::check,
    host_repels_pods::check,
    ingress_taken::check,
    iscsi_name_twice::check,
    memory_not_installed::check,
    missing_host_support::check,
    mount_taken::check,
    multicast_domain::check,
    namespace_later_stage::check,
    needs_circle::check,
    needs_later_stage::check,
    neighbour_elsewhere::check,
    networks_overlap::check,
    nix_does_not_parse::check,
    no_admin::check,
    no_host_fits::check,
    no_host_for_pods::check,
    no_ingress_controller::check,
    no_load_balancer::check,
    no_ssh::check,
    object_name_taken::check,
    one_network_plugin::check,
    only_name_server_inside::check,
    only_one_recipient::check,
    other_public_half::check,
    part_still_needed::check,
    pod_security::check,
    pods_share_volume::check,
    pools_overlap::check,
    port_taken_on_host::check,
    provided_twice::check,
    provider_later_stage::check,
    reader_without_key::check,
    recipients_changed::check,
    reserved_host_name::check,
    resolver_has_port::check,
    resource_nobody_offers::check,
    same_disk_twice::check,
    scaled_twice::check,
    secret_expired::check,
    secret_name_taken::check,
    secret_not_encrypted::check,
    secret_not_on_host::check,
    secret_owner_unknown::check,
    secret_without_value::check,
    selector_taken::check,
    stage_number_twice::check,
    two_default_ingress_classes::check,
    two_default_storage_classes::check,
    unknown_taint::check,
    unknown_time_zone::check,
    unmakeable_secret::check,
    unstable_device_path::check,
    unusable_address::check,
    unusable_flag::check,
    unusable_name::check,
    unusable_node_label::check,
    unusable_ssh_key::check,
    value_without_declaration::check,
    volume_in_other_namespace::check,
    volume_on_two_hosts::check,
    weak_secret::check,
];

/// What checks a declaration by itself for one rule. What it finds is a part of the declaration's facts.
pub(crate) const OWN: &[fn(&Entity) -> Vec<Problem>] = &[
    container_name_taken::check,
    files_too_large::check,
    limit_below_request::check,
    mount_path_taken::check,
    password_in_plain::check,
    pod_contradicts::check,
    port_number_twice::check,
    setting_without_effect::check,
    unknown_pod_field::check,
    unusable_inner_name::check,
    unusable_label::check,
    unusable_pod_field::check,
];

/// Those that have a key that another one had before, each with the first that had it.
fn repeated<K: Eq + Hash, T: Copy>(all: impl IntoIterator<Item = (K, T)>) -> Vec<(T, T)> {
    let mut seen: FxHashMap<K, T> = FxHashMap::default();
    let mut repeated = Vec::new();
    for (key, one) in all {
        match seen.get(&key) {
            Some(first) => repeated.push((*first, one)),
            None => {
                seen.insert(key, one);
            }
        }
    }
    repeated
}

/// A problem with two sides, each a place and what to say there: shown at the later one, unless only the earlier one
/// is the user's own text.
fn collision(
    rule: &'static Rule,
    message: impl Into<String>,
    earlier: (&Place, String),
    later: (&Place, String),
) -> Problem {
    let is_hidden = later.0.item.is_std() && !earlier.0.item.is_std();
    let (at, other) = if is_hidden { (earlier, later) } else { (later, earlier) };
    Problem::new(rule, at.0.clone(), message).label(at.1).also(other.0.clone(), other.1)
}

/// Whether both are declarations with the same first words, which is a problem of names that is reported already.
fn is_declared_twice(one: &Place, other: &Place) -> bool {
    one.item != other.item && one.item.head() == other.item.head()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{place, std_place};

    #[test]
    fn problems_are_shown_in_the_users_text() {
        let shown = |earlier: &Place, later: &Place| {
            let sides = ((earlier, "earlier".to_owned()), (later, "later".to_owned()));
            collision(&stage_number_twice::STAGE_NUMBER_TWICE, "", sides.0, sides.1).label.unwrap()
        };
        assert_eq!(shown(&place("stage a"), &place("stage b")), "later");
        assert_eq!(shown(&std_place(), &place("stage b")), "later");
        assert_eq!(shown(&place("stage a"), &std_place()), "earlier");
    }

    #[test]
    fn the_first_of_several_is_the_one_that_is_repeated() {
        assert_eq!(repeated([(1, 'a'), (2, 'b'), (1, 'c'), (1, 'd')]), [('a', 'c'), ('a', 'd')]);
    }
}
