//! Facts about values.

use diagnostics::Reported;
use domain::{ImageReference, UnixPath, Url};
use types::{Core, Property, Value};

use super::{Env, Evaluator};
use crate::problems::no_such_value::empty_collection;
use crate::problems::out_of_range::too_many_to_count;

impl Evaluator<'_> {
    pub(super) fn property(
        &mut self,
        value: &Value,
        property: Property,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        Ok(match (value, property) {
            (Value::None, _) => Value::None,
            (Value::List(list), Property::First | Property::Last) => {
                let found = if property == Property::First { list.first() } else { list.last() };
                if let Some(field) = found {
                    field.value.clone()
                } else {
                    return Err(self.complain(core, env, empty_collection));
                }
            }
            (Value::List(list), Property::Length) => count(list.len()),
            (Value::Range(range), Property::First) => Value::Address(range.first()),
            (Value::Range(range), Property::Last) => Value::Address(range.last()),
            (Value::Range(range), Property::Length) => self.many(range.len(), core, env)?,
            (Value::Cidr(cidr), Property::First) => Value::Address(cidr.first_host()),
            (Value::Cidr(cidr), Property::Last) => Value::Address(cidr.last_host()),
            (Value::Cidr(cidr), Property::Length) => self.many(cidr.hosts().len(), core, env)?,
            (Value::Cidr(cidr), Property::Netmask) => Value::Address(cidr.netmask()),
            (Value::Cidr(cidr), Property::Network) => Value::Address(cidr.network()),
            (Value::Cidr(cidr), Property::Prefix) => Value::Int(cidr.prefix().into()),
            (Value::Text(text), Property::Length) => count(text.chars().count()),
            (Value::Text(text), property) => match of_text(text, property) {
                Some(value) => value,
                None => return Err(self.astray(core, env, "a text has no such property")),
            },
            _ => return Err(self.astray(core, env, "this has no such property")),
        })
    }

    /// How many addresses there are; a large network of IPv6 has more than numbers go to.
    fn many(&mut self, addresses: u128, core: &Core, env: &Env) -> Result<Value, Reported> {
        let number = i64::try_from(addresses).map(Value::Int);
        number.map_err(|_| self.complain(core, env, too_many_to_count))
    }
}

fn of_text(text: &str, property: Property) -> Option<Value> {
    let optional = |part: Option<&str>| part.map_or(Value::None, Value::text);
    Some(match property {
        Property::Scheme => Value::text(Url::parse(text).ok()?.scheme()),
        Property::Host => Value::text(Url::parse(text).ok()?.host()?.to_string()),
        Property::Port => {
            let port = Url::parse(text).ok()?.port_or_default();
            port.map_or(Value::None, |port| Value::Int(port.number().into()))
        }
        Property::Path => Value::text(Url::parse(text).ok()?.path()),
        Property::Registry => Value::text(ImageReference::parse(text).ok()?.registry()),
        Property::Repository => Value::text(ImageReference::parse(text).ok()?.repository()),
        Property::Tag => optional(ImageReference::parse(text).ok()?.tag()),
        Property::Digest => optional(ImageReference::parse(text).ok()?.digest()),
        Property::FileName => Value::text(UnixPath::parse(text).ok()?.file_name().unwrap_or_default()),
        Property::Folder => {
            let path = UnixPath::parse(text).ok()?;
            Value::text(path.parent().unwrap_or(path).to_string())
        }
        _ => return None,
    })
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
