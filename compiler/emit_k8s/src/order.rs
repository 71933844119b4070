//! The order in which components are deployed.

use std::collections::BTreeMap;

use model::Component;
use model::names::NAMESPACES;

/// A component and what must be there before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentOrder {
    /// The component.
    pub component: Component,
    /// Components that come before.
    pub needs: Vec<Component>,
    /// A helmfile of the lab's own, as seen from the lab, in place of one that is made.
    pub file: Option<String>,
}

/// A component's place in its stage, ignoring needs: namespaces first, then by name.
type Rank<'a> = (bool, &'a str);

/// The components by stage; within a stage its namespaces, then each after what it needs, then by name. Of a circle
/// of needs, which is a problem reported elsewhere, the first by name comes first.
pub fn stage_order(components: &[ComponentOrder]) -> Vec<&ComponentOrder> {
    let mut stages: BTreeMap<(u8, &str), BTreeMap<Rank<'_>, &ComponentOrder>> = BTreeMap::new();
    for order in components {
        let stage = &order.component.stage;
        stages.entry((stage.number, &stage.name)).or_default().insert(rank(&order.component), order);
    }
    stages.into_values().flat_map(one_stage).collect()
}

fn rank(component: &Component) -> Rank<'_> {
    (component.name != NAMESPACES, &component.name)
}

/// The components of one stage; needs of other stages do not count, nor do those of a component itself.
fn one_stage<'a>(mut waiting: BTreeMap<Rank<'a>, &'a ComponentOrder>) -> Vec<&'a ComponentOrder> {
    let mut ordered = Vec::new();
    while let Some((&first, _)) = waiting.first_key_value() {
        let next =
            waiting.iter().find(|(_, order)| is_ready(order, &waiting)).map_or(first, |(&next, _)| next);
        ordered.extend(waiting.remove(&next));
    }
    ordered
}

/// Whether nothing that is waiting has to come before.
fn is_ready(order: &ComponentOrder, waiting: &BTreeMap<Rank<'_>, &ComponentOrder>) -> bool {
    let component = &order.component;
    let blocks = |need: &Component| {
        need.stage.number == component.stage.number
            && need.name != component.name
            && waiting.contains_key(&rank(need))
    };
    component.name == NAMESPACES || !order.needs.iter().any(blocks)
}
