//! The order of components, in the helmfile of all of them.

use emit_k8s::{ComponentOrder, emit_helmfile, namespaces_component, stage_order};
use model::Component;

use crate::lab::stage;

fn of(number: u8, stage_name: &str, name: &str) -> Component {
    Component { stage: stage(number, stage_name), name: name.to_owned() }
}

fn order(component: Component, needs: Vec<Component>) -> ComponentOrder {
    ComponentOrder { component, needs, file: None }
}

#[test]
fn helmfile() {
    let apps = |name| of(10, "apps", name);
    let components = [
        order(apps("a"), vec![apps("z"), of(3, "ingress-dns", "traefik")]),
        order(apps("b"), vec![]),
        order(apps("z"), vec![apps("m")]),
        order(apps("m"), vec![]),
        order(namespaces_component(&stage(10, "apps")), vec![]),
        order(of(3, "ingress-dns", "traefik"), vec![]),
    ];
    let files = emit_helmfile(&components, "homelab.hl");
    insta::assert_snapshot!(files["helmfile.yaml"], @"
    # Made by hlc from homelab.hl. Edit that file, not this one.

    helmfiles:
    # 03 ingress-dns
    - path: 03_ingress-dns/traefik/helmfile.yaml

    # 10 apps
    - path: 10_apps/namespaces/helmfile.yaml
    - path: 10_apps/b/helmfile.yaml
    - path: 10_apps/m/helmfile.yaml
    - path: 10_apps/z/helmfile.yaml
    - path: 10_apps/a/helmfile.yaml
    ");
}

#[test]
fn a_circle_ends() {
    let a = || of(1, "setup", "a");
    let b = || of(1, "setup", "b");
    let c = || of(1, "setup", "c");
    let components = [order(c(), vec![c(), a()]), order(b(), vec![a()]), order(a(), vec![b()])];
    let names: Vec<&str> =
        stage_order(&components).iter().map(|order| order.component.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}
