//! What is rendered carries what the lab states.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::lab::{SECRET, SECRET_ENCODED};
use crate::rendered::{Object, Rendered, rendered};

/// The value of a variable of an object's first container.
#[track_caller]
fn env<'a>(object: &'a Value, name: &str) -> &'a Value {
    let all = container(object)["env"].as_array().unwrap();
    let found = all.iter().find(|variable| variable["name"] == name);
    let variable = found.unwrap_or_else(|| panic!("no variable {name} in {all:#?}"));
    variable.get("value").unwrap_or(&variable["valueFrom"])
}

fn container(object: &Value) -> &Value {
    &pod(object)["containers"][0]
}

fn pod(object: &Value) -> &Value {
    match object["kind"].as_str() {
        Some("CronJob") => &object["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        _ => &object["spec"]["template"]["spec"],
    }
}

/// Where the pods of a workload must run.
fn host(object: &Value) -> Option<&str> {
    let terms = "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    let by_affinity = || {
        let terms = pod(object).pointer(terms)?.as_array()?;
        let [term] = terms.as_slice() else { return None };
        let [expression] = term["matchExpressions"].as_array()?.as_slice() else { return None };
        let [host] = expression["values"].as_array()?.as_slice() else { return None };
        (expression["key"] == "kubernetes.io/hostname" && expression["operator"] == "In").then_some(host)
    };
    pod(object)["nodeSelector"].get("kubernetes.io/hostname").or_else(by_affinity)?.as_str()
}

/// The port of a Service that a URL inside of the cluster goes to, by name.
#[track_caller]
fn service_port<'a>(rendered: &'a Rendered, url: &str) -> &'a str {
    let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let (host, port) = address.split_once(':').unwrap();
    let (service, rest) = host.split_once('.').unwrap();
    let namespace = rest.strip_suffix(".svc.cluster.local").unwrap();
    let ports = rendered.get("Service", namespace, service)["spec"]["ports"].as_array().unwrap();
    let found = ports.iter().find(|one| one["port"].as_u64() == port.parse().ok());
    found.unwrap_or_else(|| panic!("{url}: {ports:#?}"))["name"].as_str().unwrap()
}

fn yaml(text: &Value) -> Value {
    serde_yaml::from_str(text.as_str().unwrap()).unwrap()
}

#[test]
fn kube_vip_holds_the_address_of_the_api() {
    let Some(rendered) = rendered() else { return };
    let kube_vip = rendered.get("DaemonSet", "kube-system", "kube-vip");
    for name in ["vip_address", "address"] {
        assert_eq!(env(kube_vip, name), "192.168.1.20");
    }
    for name in ["cp_enable", "svc_enable", "vip_arp"] {
        assert_eq!(env(kube_vip, name), "true", "{name}");
    }
    assert_eq!(pod(kube_vip)["nodeSelector"], json!({ "node-role.kubernetes.io/control-plane": "true" }));
}

#[test]
fn the_cloud_provider_gives_out_the_pool() {
    let Some(rendered) = rendered() else { return };
    let provider = rendered.get("Deployment", "kube-system", "kube-vip-cloud-provider");
    let config = env(provider, "KUBEVIP_CONFIG_MAP").as_str().unwrap();
    assert_eq!(env(provider, "KUBEVIP_NAMESPACE"), "kube-system");
    let pool = &rendered.get("ConfigMap", "kube-system", config)["data"];
    assert_eq!(*pool, json!({ "range-global": "192.168.1.200-192.168.1.219" }));
}

#[test]
fn traefik_is_on_every_host_at_its_address() {
    let Some(rendered) = rendered() else { return };
    let traefik = rendered.get("DaemonSet", "ingress", "traefik");
    assert!(rendered.find("Deployment", "ingress", "traefik").is_none());
    let service = rendered.get("Service", "ingress", "traefik");
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    assert_eq!(service["metadata"]["annotations"]["kube-vip.io/loadbalancerIPs"], "192.168.1.200");
    assert_eq!(service["spec"]["externalTrafficPolicy"], "Local");

    let dashboard = &rendered.get("IngressRoute", "ingress", "traefik-dashboard")["spec"];
    assert_eq!(dashboard["routes"][0]["match"], "Host(`traefik.home.example.net`)");
    let args = container(traefik)["args"].as_array().unwrap();
    for (kind, path) in [("metrics", "/v1/metrics"), ("tracing", "/v1/traces")] {
        let prefix = format!("--{kind}.otlp.http.endpoint=");
        let mut endpoints = args.iter().filter_map(|arg| arg.as_str()?.strip_prefix(&prefix));
        let endpoint = endpoints.next().unwrap();
        assert_eq!(service_port(rendered, endpoint), "otlp-http");
        assert!(endpoint.ends_with(path), "{endpoint}");
    }
}

#[test]
fn every_name_goes_to_its_app_by_the_one_ingress_class() {
    let Some(rendered) = rendered() else { return };
    let [class] = rendered.of_kind("IngressClass").collect::<Vec<_>>()[..] else { panic!("one class") };
    let is_default = "ingressclass.kubernetes.io/is-default-class";
    assert_eq!(
        (class.name(), &class.value["metadata"]["annotations"][is_default]),
        ("traefik", &json!("true"))
    );

    let mut hosts = BTreeMap::new();
    for ingress in rendered.of_kind("Ingress") {
        let class = &ingress.value["spec"]["ingressClassName"];
        assert!(class.is_null() || class == "traefik", "{}: {class}", ingress.id());
        for rule in ingress.value["spec"]["rules"].as_array().unwrap() {
            let service = rule["http"]["paths"][0]["backend"]["service"]["name"].as_str().unwrap();
            hosts.insert(rule["host"].as_str().unwrap(), format!("{}/{service}", ingress.namespace()));
        }
    }
    let expected = [
        ("argo.home.example.net", "argocd/argo-cd-server"),
        ("chat.home.example.net", "ai/open-webui"),
        ("influxdb.home.example.net", "databases/influxdb"),
        ("n8n.home.example.net", "automation/n8n"),
        ("pihole.home.example.net", "dns/pihole-web"),
        ("stash.home.example.net", "media/stash"),
        ("zigbee.home.example.net", "automation/zigbee2mqtt"),
    ];
    assert_eq!(hosts, expected.map(|(host, service)| (host, service.to_owned())).into());
}

#[test]
fn pihole_knows_all_names_of_the_lab() {
    let Some(rendered) = rendered() else { return };
    let service = rendered.get("Service", "dns", "pihole-dns");
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    assert_eq!(service["metadata"]["annotations"]["kube-vip.io/loadbalancerIPs"], "192.168.1.201");

    let config = rendered.get("ConfigMap", "dns", "pihole-custom-dnsmasq")["data"]["02-custom.conf"].as_str();
    let records: BTreeSet<(&str, &str)> =
        config.unwrap().lines().filter_map(|line| line.strip_prefix("address=/")?.split_once('/')).collect();
    let apps = ["argo", "chat", "influxdb", "n8n", "pihole", "stash", "traefik", "zigbee"];
    let others = [("homelab-0", "192.168.1.10"), ("homelab-1", "192.168.1.11"), ("k3s", "192.168.1.20")];
    let named = apps.map(|app| (app, "192.168.1.200")).into_iter().chain(others);
    let expected: Vec<_> = named.map(|(name, ip)| (format!("{name}.home.example.net"), ip)).collect();
    assert_eq!(records, expected.iter().map(|(name, ip)| (name.as_str(), *ip)).collect());
}

#[test]
fn passwords_come_from_secrets() {
    let Some(rendered) = rendered() else { return };
    let pihole = rendered.get("Deployment", "dns", "pihole");
    let password = json!({ "secretKeyRef": { "name": "pihole-password", "key": "password" } });
    assert_eq!(*env(pihole, "FTLCONF_webserver_api_password"), password);
    for (namespace, secret, key) in [
        ("dns", "pihole-password", "password"),
        ("argocd", "argocd-secret", "admin.password"),
        ("databases", "influxdb-auth", "admin-password"),
        ("databases", "influxdb-auth", "admin-token"),
        ("automation", "n8n-secrets", "N8N_ENCRYPTION_KEY"),
        ("media", "fetch-videos-secrets", "channels.txt"),
    ] {
        let secret = rendered.get("Secret", namespace, secret);
        assert_eq!(secret["data"][key], SECRET_ENCODED, "{key}: {secret:#}");
    }
    for (namespace, secret, key) in [
        ("monitoring", "opentelemetry-collector-telemetry", "token"),
        ("ai", "open-webui-session", "WEBUI_SECRET_KEY"),
    ] {
        assert_eq!(rendered.get("Secret", namespace, secret)["stringData"][key], SECRET);
    }
    // And stand nowhere else.
    for object in rendered.objects.iter().filter(|object| object.kind() != "Secret") {
        let text = object.value.to_string();
        assert!(!text.contains(SECRET) && !text.contains(SECRET_ENCODED), "{}", object.id());
    }
}

#[test]
fn the_collector_brings_everything_to_influxdb() {
    let Some(rendered) = rendered() else { return };
    let collector = rendered.get("Deployment", "monitoring", "opentelemetry-collector");
    assert!(rendered.of_kind("DaemonSet").all(|object| object.namespace() != "monitoring"));
    let config = rendered.get("ConfigMap", "monitoring", "opentelemetry-collector");
    let config = yaml(&config["data"]["relay"]);
    let exporter = &config["exporters"]["influxdb/telemetry"];
    assert_eq!(service_port(rendered, exporter["endpoint"].as_str().unwrap()), "http");
    assert_eq!(exporter["token"], "${env:TOKEN_TELEMETRY}");
    let token = json!({ "secretKeyRef": { "name": "opentelemetry-collector-telemetry", "key": "token" } });
    assert_eq!(*env(collector, "TOKEN_TELEMETRY"), token);

    let influxdb = rendered.get("StatefulSet", "databases", "influxdb");
    assert_eq!(*env(influxdb, "DOCKER_INFLUXDB_INIT_ORG"), exporter["org"]);
    assert_eq!(*env(influxdb, "DOCKER_INFLUXDB_INIT_BUCKET"), exporter["bucket"]);
    assert_eq!((&exporter["org"], &exporter["bucket"]), (&json!("home"), &json!("telemetry")));
    assert_eq!(env(influxdb, "DOCKER_INFLUXDB_INIT_RETENTION"), "30d");

    for (pipeline, receivers) in [
        ("metrics", vec!["k8s_cluster", "otlp", "prometheus"]),
        ("traces", vec!["otlp"]),
        ("logs", vec!["k8sobjects", "otlp"]),
    ] {
        let pipeline = &config["service"]["pipelines"][pipeline];
        assert_eq!(pipeline["exporters"], json!(["influxdb/telemetry"]));
        let mut found: Vec<&str> =
            pipeline["receivers"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, receivers);
    }
    let scrapes = config["receivers"]["prometheus"]["config"]["scrape_configs"].as_array().unwrap();
    let nodes = scrapes.iter().find(|scrape| scrape["job_name"] == "nodes").unwrap();
    assert_eq!(nodes["static_configs"], json!([{ "targets": ["192.168.1.10:9100", "192.168.1.11:9100"] }]));
}

#[test]
fn n8n_reports_to_the_collector() {
    let Some(rendered) = rendered() else { return };
    let n8n = rendered.get("Deployment", "automation", "n8n");
    let endpoint = env(n8n, "N8N_OTEL_EXPORTER_OTLP_ENDPOINT").as_str().unwrap();
    assert_eq!(service_port(rendered, endpoint), "otlp-http");
    assert_eq!(endpoint, "http://opentelemetry-collector.monitoring.svc.cluster.local:4318");
    assert_eq!(
        (env(n8n, "N8N_HOST"), env(n8n, "TZ")),
        (&json!("n8n.home.example.net"), &json!("Europe/Lisbon"))
    );
    let key = json!({ "secretKeyRef": { "name": "n8n-secrets", "key": "N8N_ENCRYPTION_KEY" } });
    assert_eq!(*env(n8n, "N8N_ENCRYPTION_KEY"), key);
}

#[test]
fn argo_cd_has_its_name_and_its_repository() {
    let Some(rendered) = rendered() else { return };
    let config = &rendered.get("ConfigMap", "argocd", "argocd-cm")["data"];
    assert_eq!(config["url"], "http://argo.home.example.net");
    let repository = &rendered.get("Secret", "argocd", "argocd-repo-lab")["data"];
    assert_eq!(repository["url"], "c3NoOi8vZ2l0QGdpdC5leGFtcGxlLm5ldC9hbmEvaG9tZWxhYi5naXQ=");
    let parameters = &rendered.get("ConfigMap", "argocd", "argocd-cmd-params-cm")["data"];
    assert_eq!(parameters["server.insecure"], "true");
}

#[test]
fn zigbee2mqtt_gets_the_stick_on_the_host_that_has_it() {
    let Some(rendered) = rendered() else { return };
    let zigbee = rendered.get("Deployment", "automation", "zigbee2mqtt");
    assert_eq!(host(zigbee), Some("homelab-0"));
    assert_eq!(zigbee["spec"]["strategy"]["type"], "Recreate");

    let manager = rendered.get("DaemonSet", "kube-system", "smarter-device-manager");
    let volumes = pod(manager)["volumes"].as_array().unwrap();
    let config = volumes.iter().find_map(|volume| volume["configMap"]["name"].as_str()).unwrap();
    let config = yaml(&rendered.get("ConfigMap", "kube-system", config)["data"]["conf.yaml"]);
    let [device] = config.as_array().unwrap().as_slice() else { panic!("one device: {config}") };
    assert_eq!(device["nummaxdevices"], 1);
    let matched = device["devicematch"].as_str().unwrap().trim_matches(['^', '$']).replace("[.]", ".");
    let path = env(zigbee, "ZIGBEE2MQTT_CONFIG_SERIAL_PORT").as_str().unwrap();
    assert_eq!(path, format!("/dev/{matched}"));
    let resource = format!("smarter-devices/{}", matched.replace('/', "_"));
    assert_eq!(container(zigbee)["resources"]["limits"][resource], 1, "{zigbee:#}");

    let broker = env(zigbee, "ZIGBEE2MQTT_CONFIG_MQTT_SERVER").as_str().unwrap();
    assert_eq!(service_port(rendered, &broker.replace("mqtt://", "http://")), "mqtt");
}

#[test]
fn videos_are_fetched_into_the_library_of_stash() {
    let Some(rendered) = rendered() else { return };
    let job = rendered.get("CronJob", "media", "fetch-videos");
    let spec = &job["spec"];
    assert_eq!((&spec["schedule"], &spec["timeZone"]), (&json!("0 4 * * *"), &json!("Europe/Lisbon")));
    assert_eq!(spec["jobTemplate"]["spec"]["activeDeadlineSeconds"], 10800);
    assert_eq!(container(job)["image"], "ghcr.io/jauderho/yt-dlp:2026.03.17");
    let claim = |object: &Value| {
        let volumes = pod(object)["volumes"].as_array().unwrap();
        let library = volumes.iter().find(|volume| volume["name"] == "library").unwrap();
        library["persistentVolumeClaim"]["claimName"].clone()
    };
    let stash = rendered.get("Deployment", "media", "stash");
    assert_eq!((claim(job), claim(stash)), (json!("stash-library"), json!("stash-library")));
}

#[test]
fn open_webui_talks_to_ollama_on_its_host() {
    let Some(rendered) = rendered() else { return };
    let webui = rendered.get("StatefulSet", "ai", "open-webui");
    let url = env(webui, "OLLAMA_BASE_URLS").as_str().unwrap();
    assert_eq!(url, "http://ollama.ai.svc.cluster.local:11434");
    assert_eq!(service_port(rendered, url), "http");
    let ollama = rendered.get("Deployment", "ai", "ollama");
    assert_eq!(host(ollama), Some("homelab-1"));
    let start = container(ollama)["lifecycle"]["postStart"].to_string();
    for model in ["llama3.2:3b", "nomic-embed-text"] {
        assert!(start.contains(model), "{model}: {start}");
    }
}

#[test]
fn workloads_have_the_images_resources_and_numbers_of_the_lab() {
    let Some(rendered) = rendered() else { return };
    for (kind, id, image, cpu, memory) in [
        ("Deployment", "automation/n8n", "docker.io/n8nio/n8n:2.35.7", "100m", "2Gi"),
        ("Deployment", "automation/mosquitto", "docker.io/library/eclipse-mosquitto:2.0.22", "50m", "64Mi"),
        ("Deployment", "automation/zigbee2mqtt", "docker.io/koenkk/zigbee2mqtt:2.14.3", "100m", "512Mi"),
        ("Deployment", "media/stash", "docker.io/stashapp/stash:v0.29.3", "250m", "1Gi"),
        ("CronJob", "media/fetch-videos", "ghcr.io/jauderho/yt-dlp:2026.03.17", "200m", "1Gi"),
        ("Deployment", "ai/ollama", "ollama/ollama:", "", "16Gi"),
        ("StatefulSet", "ai/open-webui", "ghcr.io/open-webui/open-webui:", "", "2Gi"),
        ("StatefulSet", "databases/influxdb", "influxdb:2.", "", "1Gi"),
        ("Deployment", "dns/pihole", "pihole/pihole:", "", "256Mi"),
        ("Deployment", "monitoring/opentelemetry-collector", "ghcr.io/open-telemetry/", "", "512Mi"),
    ] {
        let (namespace, name) = id.split_once('/').unwrap();
        let container = container(rendered.get(kind, namespace, name));
        assert!(container["image"].as_str().unwrap().starts_with(image), "{id}: {}", container["image"]);
        let resources = &container["resources"];
        assert_eq!(
            (&resources["requests"]["memory"], &resources["limits"]["memory"]),
            (&json!(memory), &json!(memory))
        );
        assert_eq!(resources["requests"]["cpu"].as_str().unwrap_or_default(), cpu, "{id}");
        assert!(resources["limits"]["cpu"].is_null(), "{id}");
    }
    let replicated = |object: &&Object| matches!(object.kind(), "Deployment" | "StatefulSet");
    for object in rendered.objects.iter().filter(replicated) {
        let replicas = &object.value["spec"]["replicas"];
        assert!(replicas.is_null() || *replicas == 1, "{}: {replicas}", object.id());
    }
}

#[test]
fn volumes_have_the_sizes_of_the_lab() {
    let Some(rendered) = rendered() else { return };
    let size = |claim: &Object| {
        let size = claim.value["spec"]["resources"]["requests"]["storage"].as_str().unwrap().to_owned();
        (format!("{}/{}", claim.namespace(), claim.name()), size)
    };
    let sizes: BTreeMap<String, String> = rendered.of_kind("PersistentVolumeClaim").map(size).collect();
    let expected = [
        ("ai/ollama", "60Gi"),
        ("ai/open-webui", "4Gi"),
        ("automation/mosquitto-data", "1Gi"),
        ("automation/n8n-data", "8Gi"),
        ("automation/zigbee2mqtt-data", "1Gi"),
        ("databases/influxdb", "20Gi"),
        ("dns/pihole", "1Gi"),
        ("media/stash-data", "10Gi"),
        ("media/stash-library", "400Gi"),
    ];
    assert_eq!(sizes, expected.map(|(claim, size)| (claim.to_owned(), size.to_owned())).into());
}
