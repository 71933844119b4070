//! The cluster.

use model::{At, Cluster, Flannel, Node, SecretFile};
use source::Place;
use types::DeclRef;

use super::network::{as_address, as_cidr};
use super::read::Read;
use crate::eval::{Evaluator, name_of};

const FLANNEL: &[(&str, Flannel)] = &[
    ("host-gw", Flannel::HostGw),
    ("none", Flannel::None),
    ("vxlan", Flannel::Vxlan),
    ("wireguard-native", Flannel::WireguardNative),
];

impl Evaluator<'_> {
    pub(super) fn cluster(&mut self, decl: &DeclRef) -> Read<Cluster> {
        let made = self.inner(decl, "secret")?;
        let is_token =
            |(_, secret): &&(String, DeclRef)| secret.steps().last().is_some_and(|step| step.name == "token");
        let Some((token, secret)) = made.iter().find(is_token) else {
            let place = self.head(decl);
            return Err(self.fault(place, "the library makes no token for a cluster"));
        };
        let content = self.content_of(secret)?;
        Ok(Cluster {
            name: name_of(decl),
            servers: self.nodes(decl, "servers")?,
            agents: self.nodes(decl, "agents")?,
            api: self.get_if_at(decl, "api", as_address)?,
            sans: self.texts(decl, "names")?,
            pods: self.get_at(decl, "pods", as_cidr)?,
            services: self.get_at(decl, "services", as_cidr)?,
            dns: self.get_at(decl, "dns", as_address)?,
            disable: self.texts(decl, "disable")?,
            flannel: self.choice(decl, "flannel", FLANNEL)?,
            flags: self.texts_at(decl, "flags")?,
            server_flags: self.texts_at(decl, "server-flags")?,
            deployers: self.recipient_keys(decl, "deployers")?,
            token: SecretFile::new(token.clone(), content),
            place: self.head(decl),
        })
    }

    fn nodes(&mut self, decl: &DeclRef, name: &str) -> Read<Vec<At<Node>>> {
        let hosts: Vec<(DeclRef, Place)> = self.decls(decl, name)?;
        hosts.into_iter().map(|(host, place)| Ok(At::new(self.node(&host)?, place))).collect()
    }

    fn node(&mut self, host: &DeclRef) -> Read<Node> {
        Ok(Node {
            name: name_of(host),
            fqdn: self.text(host, "fqdn")?,
            address: self.get(host, "address", as_address)?,
        })
    }
}
