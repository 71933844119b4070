//! Which line of a lab a value of a built object comes from.

use std::collections::{BTreeMap, BTreeSet};

use source::{ItemKey, Place};
use types::{Field, Value};

use crate::Session;

/// What declarations come to, value by value.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    of_items: BTreeMap<ItemKey, Vec<Cause>>,
}

/// A value, and what it is set by.
#[derive(Clone, Debug)]
struct Cause {
    /// The field, or the key in one.
    name: String,
    /// The value, as objects have it.
    text: String,
    place: Place,
}

impl Session {
    /// What all declarations of the lab come to. Meaningful where no problem is an error.
    pub fn causes(&self) -> Causes {
        let mut causes = Causes::default();
        for decl in self.declarations() {
            let found = causes.of_items.entry(decl.item().clone()).or_default();
            // What stands in a declaration is called as it is: `env { TOKEN = … }`, `port http = 80`.
            let own = decl.steps().last().map(|step| step.name.to_string());
            for (name, field) in self.fields(&decl) {
                collect(&name, &field, found);
                if let Some(own) = &own {
                    collect(own, &field, found);
                }
            }
        }
        causes
    }
}

impl Causes {
    /// What sets the value that a field of an object has, which is made of a declaration. `names` are what leads to the
    /// field, the last one first. `None` if that is not certain: nothing in the declaration has the value, or several
    /// things do and none of them is called so.
    pub fn of(&self, item: &ItemKey, names: &[&str], text: &str) -> Option<&Place> {
        let all = self.of_items.get(item)?;
        let same: Vec<&Cause> = all.iter().filter(|cause| cause.text == text).collect();
        let called = |name: &str| same.iter().copied().filter(|cause| cause.name == name).collect::<Vec<_>>();
        let by_name = names.iter().map(|name| called(name)).find(|found| !found.is_empty());
        // A number or a truth value may be anything's.
        let by_value = (text.len() > 3 && !matches!(text, "true" | "false")).then_some(same);
        // What the library says is nobody's line.
        only(&by_name.or(by_value)?).filter(|place| !place.item.is_std())
    }
}

/// Where values are set that are all set in one place.
fn only<'a>(causes: &[&'a Cause]) -> Option<&'a Place> {
    let places: BTreeSet<&Place> = causes.iter().map(|cause| &cause.place).collect();
    if places.len() == 1 { places.into_iter().next() } else { None }
}

fn collect(name: &str, field: &Field, found: &mut Vec<Cause>) {
    match &field.value {
        Value::List(items) => items.iter().for_each(|item| collect(name, item, found)),
        Value::Map(map) => map.iter().for_each(|(key, field)| collect(key, field, found)),
        value => {
            let text =
                text(value).map(|text| Cause { name: name.to_owned(), text, place: field.place.clone() });
            found.extend(text);
        }
    }
}

/// A value as objects have it.
fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Address(address) => address.to_string(),
        Value::Cidr(network) => network.to_string(),
        Value::Size(size) => size.kubernetes(),
        Value::Cpu(cpu) => cpu.kubernetes(),
        Value::Duration(time) => time.seconds().to_string(),
        _ => return None,
    })
}
