//! What Helm keeps of releases: a Secret for each revision, with all of it in Base64, gzip and JSON.
//!
//! Source: helm `pkg/storage/driver/util.go` and `secrets.go`; the same in Helm 3 and 4.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::GzDecoder;
use futures::stream::{self, StreamExt, TryStreamExt};
use plan::{Deployed, Refusal, ReleaseId, seconds};
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::process::LABEL;
use crate::cluster::Cluster;
use crate::door::{self, Wanting};
use crate::error::Error;
use crate::request::{Question, segment};
use crate::vault::Vault;

/// How large a record may be when it is unpacked; the packed one is no larger than a Secret can be.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The last revision of a release.
pub(crate) struct Record {
    /// What is told of it.
    pub(crate) deployed: Deployed,
    /// Its values as they are.
    values: Value,
    /// What it rendered.
    pub(crate) manifest: Zeroizing<String>,
}

/// What is read of a record; the rest of it, such as the chart, is not even looked at.
#[derive(Deserialize)]
struct Packed {
    info: Info,
    chart: Chart,
    #[serde(default)]
    config: Value,
    #[serde(default)]
    manifest: String,
    version: i64,
}

#[derive(Deserialize)]
struct Info {
    status: String,
}

#[derive(Deserialize)]
struct Chart {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
}

/// The last revisions of releases, of those that there are. Their values are not shown to anybody: they are what
/// [`masked`] leaves of them.
pub(crate) async fn records(
    cluster: &Cluster,
    ids: &BTreeSet<ReleaseId>,
    vault: &Vault,
) -> Result<BTreeMap<ReleaseId, Record>, Error> {
    let mut namespaces: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in ids {
        namespaces.entry(&id.namespace).or_default().push(&id.name);
    }
    let lists = stream::iter(namespaces).map(|(namespace, names)| list(cluster, namespace, names, vault));
    let lists: Vec<Vec<Value>> = lists.buffered(cluster.at_once.get()).try_collect().await?;
    let mut found: BTreeMap<ReleaseId, Record> = BTreeMap::new();
    for mut secret in lists.into_iter().flatten() {
        let (id, record) = read(&mut secret)?;
        let is_older = |other: &Record| other.deployed.revision < record.deployed.revision;
        if ids.contains(&id) && found.get(&id).is_none_or(is_older) {
            found.insert(id, record);
        }
    }
    Ok(found)
}

/// The same with values that may be seen. `wanted` has those that are wanted of each: what stood where one of them has a
/// secret was one, and is not shown from now on, wherever the chart put it.
pub(crate) fn masked(
    mut records: BTreeMap<ReleaseId, Record>,
    wanted: &BTreeMap<ReleaseId, Value>,
    vault: &mut Vault,
) -> BTreeMap<ReleaseId, Record> {
    for (id, record) in &mut records {
        record.deployed.values = std::mem::take(&mut record.values);
        door::mask_values(&mut record.deployed.values, wanted.get(id).unwrap_or(&Value::Null), vault);
    }
    records
}

fn read(secret: &mut Value) -> Result<(ReleaseId, Record), Error> {
    let text = |pointer: &str| secret.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = ReleaseId { namespace: text("/metadata/namespace"), name: text("/metadata/labels/name") };
    let (since, uid) = (text("/metadata/creationTimestamp"), text("/metadata/uid"));
    let process = secret["metadata"]["labels"][LABEL].as_str().unwrap_or_default().to_owned();
    let mut packed = secret["data"]["release"].take();
    let record = unpacked(packed.as_str().unwrap_or_default());
    door::overwrite(&mut packed);
    let mut record =
        record.map_err(|why| Error::Nonsense(format!("Helm's record of release {id}: {why}")))?;
    record.deployed.since = seconds(&since).unwrap_or_default();
    record.deployed.uid = uid;
    record.deployed.process = process;
    Ok((id, record))
}

impl Drop for Record {
    fn drop(&mut self) {
        door::overwrite(&mut self.values);
    }
}

/// The records of releases in a namespace, but for those that others have come after.
async fn list(
    cluster: &Cluster,
    namespace: &str,
    names: Vec<&str>,
    vault: &Vault,
) -> Result<Vec<Value>, Error> {
    let names: Vec<String> = names.into_iter().map(segment).collect();
    let selector = format!("owner%3Dhelm%2Cstatus!%3Dsuperseded%2Cname+in+%28{}%29", names.join("%2C"));
    let path = format!("/api/v1/namespaces/{}/secrets?labelSelector={selector}", segment(namespace));
    let question = Question { wanting: Wanting::Records, ..Question::get(path) };
    match cluster.ask(&question, vault).await {
        Ok(mut list) => Ok(list["items"].as_array_mut().map(std::mem::take).unwrap_or_default()),
        Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn unpacked(text: &str) -> Result<Record, String> {
    let decode = |text: &[u8]| {
        let decoded = BASE64_STANDARD.decode(text).map(Zeroizing::new);
        decoded.map_err(|_| "it is not in Base64".to_owned())
    };
    let inner = decode(text.as_bytes())?;
    let packed = decode(&inner)?;
    let mut json = Zeroizing::new(Vec::new());
    let mut reader = GzDecoder::new(packed.as_slice()).take(LARGEST);
    reader.read_to_end(&mut json).map_err(|error| format!("it cannot be unpacked: {error}"))?;
    let packed: Packed = serde_json::from_slice(&json).map_err(|error| {
        // What stands there is not shown.
        format!("it is no JSON of Helm's, at byte {}", error.column())
    })?;
    let Packed { info, chart, config, manifest, version } = packed;
    let deployed = Deployed {
        revision: version,
        status: info.status,
        chart: chart.metadata.name,
        version: chart.metadata.version,
        ..Deployed::default()
    };
    Ok(Record { deployed, values: config, manifest: Zeroizing::new(manifest) })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(json: &str) -> String {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(json.as_bytes()).expect("memory takes it");
        let inner = BASE64_STANDARD.encode(gzip.finish().expect("memory takes it"));
        BASE64_STANDARD.encode(inner)
    }

    #[test]
    fn a_record_is_unpacked() {
        let json = r#"{"name": "web", "version": 3, "info": {"status": "deployed", "notes": "x"}, "manifest": "---\n",
                       "chart": {"metadata": {"name": "c", "version": "1.2.3"}, "templates": []}, "config": {"a": 1}}"#;
        let record = unpacked(&packed(json)).expect("it is one");
        assert_eq!(record.deployed.revision, 3);
        assert_eq!(record.deployed.version, "1.2.3");
        assert_eq!(record.manifest.as_str(), "---\n");
        assert_eq!(record.values["a"], 1);
        for wrong in ["", "%", "aGVsbG8=", &packed("{}"), &packed("secret-text")] {
            let error = unpacked(wrong).err().expect("it is none");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
