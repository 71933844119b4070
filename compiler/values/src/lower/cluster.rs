//! The cluster.

use model::{At, Cluster, Flannel, Node, SecretFile};
use source::Place;
use types::{DeclRef, Value};

use super::network::as_address;
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn cluster(&mut self, decl: &DeclRef) -> Option<Cluster> {
        let dns = self.field(decl, "dns");
        let token = self
            .inner(decl, "secret")
            .into_iter()
            .find(|(_, secret)| secret.steps().last().is_some_and(|step| step.name == "token"));
        Some(Cluster {
            name: name_of(decl),
            servers: self.nodes(decl, "servers")?,
            agents: self.nodes(decl, "agents")?,
            api: self.address_at(decl, "api")?,
            sans: self.texts(decl, "names")?,
            pods: self.cidr_at(decl, "pods")?,
            services: self.cidr_at(decl, "services")?,
            dns: At::new(as_address(&dns.value)?, dns.place),
            disable: self.texts(decl, "disable")?,
            flannel: match self.text(decl, "flannel")?.as_str() {
                "host-gw" => Flannel::HostGw,
                "wireguard-native" => Flannel::WireguardNative,
                "none" => Flannel::None,
                _ => Flannel::Vxlan,
            },
            flags: self.texts_at(decl, "flags")?,
            server_flags: self.texts_at(decl, "server-flags")?,
            deployers: self.recipient_keys(decl, "deployers")?,
            token: {
                let (name, secret) = token?;
                SecretFile::new(name, self.secret_text(&secret).ok()?)
            },
            place: self.head(decl),
        })
    }

    fn cidr_at(&mut self, decl: &DeclRef, name: &str) -> Option<At<domain::Cidr>> {
        let field = self.field(decl, name);
        if let Value::Cidr(cidr) = field.value { Some(At::new(cidr, field.place)) } else { None }
    }

    fn nodes(&mut self, decl: &DeclRef, name: &str) -> Option<Vec<At<Node>>> {
        let hosts: Vec<(DeclRef, Place)> = self.decls(decl, name)?;
        hosts.into_iter().map(|(host, place)| Some(At::new(self.node(&host)?, place))).collect()
    }

    fn node(&mut self, host: &DeclRef) -> Option<Node> {
        Some(Node {
            name: name_of(host),
            fqdn: self.text(host, "fqdn")?,
            address: as_address(&self.field_value(host, "address"))?,
        })
    }
}
