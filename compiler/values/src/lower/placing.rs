//! On which hosts pods run.

use std::collections::BTreeMap;

use model::{At, Neighbour, Placing, Spread, Toleration, plain, repels};
use types::DeclRef;

use super::host::ARCHS;
use super::read::{Read, as_decl, chosen};
use crate::eval::{Evaluator, name_of};

const SPREADS: &[(&str, Spread)] = &[("preferred", Spread::Preferred), ("required", Spread::Required)];

impl Evaluator<'_> {
    pub(super) fn placing(&mut self, decl: &DeclRef, kind: &str) -> Read<Placing> {
        let mut features = Vec::new();
        for (feature, place) in self.decls(decl, "features")? {
            features.push(At::new(self.feature(&feature)?, place));
        }
        let tolerates = self.texts_at(decl, "tolerates")?;
        let tolerates = tolerates.into_iter().map(|one| At::new(Toleration::parse(&one.value), one.place));
        let spread =
            if kind == "app" { self.get_if(decl, "spread", |value| chosen(value, SPREADS))? } else { None };
        Ok(Placing {
            arch: self.get_if_at(decl, "arch", |value| chosen(value, ARCHS))?,
            features,
            tolerates: tolerates.collect(),
            derived: self.tolerations_of_host(decl)?,
            near: self.neighbours(decl, "near")?,
            apart: self.neighbours(decl, "apart")?,
            spread,
        })
    }

    /// The label that a feature is, and what it is set to.
    pub(super) fn feature(&mut self, feature: &DeclRef) -> Read<(String, String)> {
        Ok((self.text(feature, "label")?, self.text(feature, "value")?))
    }

    /// What has to run on a host has to bear what keeps others away from it.
    fn tolerations_of_host(&mut self, decl: &DeclRef) -> Read<Vec<Toleration>> {
        let mut hosts = Vec::from_iter(self.get_if(decl, "host", as_decl)?);
        hosts.extend(self.decls(decl, "uses")?.iter().filter_map(|(device, _)| device.parent()));
        let mut derived = Vec::new();
        for host in hosts {
            let taints = self.texts(&host, "taints")?;
            derived.extend(taints.iter().filter(|taint| repels(taint)).map(|taint| Toleration::parse(taint)));
        }
        derived.sort();
        derived.dedup();
        Ok(derived)
    }

    fn neighbours(&mut self, decl: &DeclRef, field: &str) -> Read<Vec<At<Neighbour>>> {
        let mut found = Vec::new();
        for (app, place) in self.decls(decl, field)? {
            let namespace = self.decl(&app, "namespace")?;
            let neighbour = Neighbour {
                name: name_of(&app),
                namespace: name_of(&namespace),
                selector: self.selector(&app)?,
            };
            found.push(At::new(neighbour, place));
        }
        Ok(found)
    }

    /// The labels that the pods of an app are found by, where it says so itself.
    pub(super) fn selector(&mut self, app: &DeclRef) -> Read<BTreeMap<String, String>> {
        Ok(plain(&self.texts_by_key(app, "selector")?).collect())
    }
}
