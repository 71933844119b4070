//! The fields of Kubernetes that could stand where the cursor is: in `pod`, `container` and their like.

use model::kubernetes::Type;
use syntax::ast::{Body, Content, Expr, ExprKind, Name, Statement, StatementKind};
use types::{CURSOR, Candidate, CandidateSort, Fits, Hatch, INT, STRING, Ty, last_segment};

/// The fields that take an object as Kubernetes has it: of which kind, what stands before them, and what they are.
const BLOCKS: [(&str, &str, &str); 14] = [
    ("app", "pod", "PodSpec"),
    ("app", "container", "Container"),
    ("app", "deployment", "DeploymentSpec"),
    ("app", "daemon-set", "DaemonSetSpec"),
    ("app", "stateful-set", "StatefulSetSpec"),
    ("app", "service.spec", "ServiceSpec"),
    ("job", "pod", "PodSpec"),
    ("job", "container", "Container"),
    ("job", "job-spec", "JobSpec"),
    ("job", "cron-spec", "CronJobSpec"),
    ("init", "container", "Container"),
    ("sidecar", "container", "Container"),
    ("ingress", "spec", "IngressSpec"),
    ("volume", "claim", "PersistentVolumeClaimSpec"),
];

/// What could stand at the cursor of a statement that declares something, if that is a field of Kubernetes.
pub(crate) fn kubernetes_fields(statement: &Statement) -> Vec<Candidate> {
    let within = match &statement.kind {
        StatementKind::Declare(_) => asked(statement, &Within::default()),
        _ => None,
    };
    let Some(object) = within else { return Vec::new() };
    let field = |name: &str| Candidate {
        name: name.into(),
        sort: CandidateSort::Field,
        ty: object.field(name).map(shown),
        fits: Fits::Yes,
        symbol: None,
    };
    object.fields().map(field).collect()
}

/// What a statement stands in.
#[derive(Clone, Default)]
struct Within {
    /// The kind of the declaration around it.
    kind: String,
    /// The fields of HL between that and the statement, with dots.
    path: String,
    /// What it is a part of, where it is a part of something of Kubernetes.
    part: Option<Type>,
}

impl Within {
    /// The same behind one name more.
    fn behind(&self, name: &Name) -> Self {
        let Self { kind, path, part } = self.clone();
        if let Some(part) = part {
            return Self { kind, path, part: Some(part.field(&name.text).cloned().unwrap_or(Type::Any)) };
        }
        let path = if path.is_empty() { name.text.to_string() } else { format!("{path}.{}", name.text) };
        let block = BLOCKS.iter().find(|(of, field, _)| *of == kind && *field == path);
        Self { part: block.map(|(.., object)| Type::object(object)), kind, path }
    }
}

/// The object of Kubernetes of which the cursor names a field.
fn asked(statement: &Statement, within: &Within) -> Option<Type> {
    match &statement.kind {
        StatementKind::Declare(declare) => {
            let kind = last_segment(&declare.kind.last()?.text).to_owned();
            let Content::Body(body) = &declare.content else { return None };
            in_body(body, &Within { kind, ..Within::default() })
        }
        StatementKind::Set(set) => at_path(&set.path, within, |within| in_value(&set.value, within)),
        StatementKind::Record(record) => {
            at_path(&record.path, within, |within| in_body(&record.body, within))
        }
        _ => None,
    }
}

fn at_path(path: &[Name], within: &Within, inside: impl FnOnce(&Within) -> Option<Type>) -> Option<Type> {
    let mut within = within.clone();
    for name in path {
        if name.text.contains(CURSOR) {
            return within.part;
        }
        within = within.behind(name);
    }
    inside(&within)
}

fn in_body(body: &Body, within: &Within) -> Option<Type> {
    body.statements.iter().find_map(|statement| asked(statement, within))
}

fn in_value(value: &Expr, within: &Within) -> Option<Type> {
    match &value.kind {
        ExprKind::Record(body) => in_body(body, within),
        ExprKind::List(elements) => {
            let Some(Type::List(element, _)) = &within.part else { return None };
            let within = Within { part: Some((**element).clone()), ..within.clone() };
            elements.iter().find_map(|element| in_value(element, &within))
        }
        _ => None,
    }
}

/// What is said of a field's type.
fn shown(of: &Type) -> Ty {
    match of {
        Type::Bool => Ty::Bool,
        Type::Int => INT,
        Type::Text | Type::Quantity | Type::IntOrText => STRING,
        Type::List(of, _) => Ty::List(shown(of).into()),
        Type::Any | Type::Map(_) | Type::Object(_) => Ty::Free(Hatch::Any),
    }
}
