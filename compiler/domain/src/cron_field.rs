//! One field of a cron line.

use crate::Invalid;
use crate::invalid::{quoted, shown};

/// What a field counts, from where to where, and the names its numbers have.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// The names of the numbers from `first` on, in lower case; empty where they have none.
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The five fields in their order.
pub(crate) const FIELDS: [Field; 5] = [
    Field { name: "minute", first: 0, last: 59, names: &[] },
    Field { name: "hour", first: 0, last: 23, names: &[] },
    Field { name: "day of the month", first: 1, last: 31, names: &[] },
    Field { name: "month", first: 1, last: 12, names: MONTHS },
    Field { name: "day of the week", first: 0, last: 6, names: DAYS },
];

impl Field {
    /// The numbers that `text` names, in rising order; the reason of a refusal is a bare cause, and its fix
    /// replaces the field.
    pub(crate) fn read(&self, text: &str) -> Result<Vec<u32>, Invalid> {
        let mut numbers = Vec::new();
        for (nth, part) in text.split(',').enumerate() {
            let part =
                self.read_part(part).map_err(|cause| cause.map_fix(|fix| replaced(text, nth, &fix)))?;
            numbers.extend(part);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    fn read_part(&self, part: &str) -> Result<Vec<u32>, Invalid> {
        let (base, step) = match part.split_once('/') {
            Some((base, step)) => (base, Some(step)),
            None => (part, None),
        };
        let (first, last) = self.read_base(base, step)?;
        let step = step.map_or(Ok(1), |step| self.read_step(step))?;
        Ok((first..=last).step_by(step).collect())
    }

    /// The bounds of the part before a step; a single number with a step reaches to the end.
    fn read_base(&self, base: &str, step: Option<&str>) -> Result<(u32, u32), Invalid> {
        if base == "*" {
            return Ok((self.first, self.last));
        }
        let with_step = |fix: String| step.map_or_else(|| fix.clone(), |step| format!("{fix}/{step}"));
        if base == "?" {
            return Err(Invalid::new(format!("the {} is '?'", self.name)).with_fix(with_step("*".to_owned())));
        }
        if let Some((first, last)) = base.split_once('-') {
            let start = self
                .read_number(first)
                .map_err(|cause| cause.map_fix(|fix| with_step(format!("{fix}-{last}"))))?;
            let end = self.read_number(last).map_err(|cause| {
                cause.map_fix(|fix| {
                    with_step(match fix.as_str() {
                        // Sunday ends a week that starts on another day: the range becomes two parts.
                        "0" if start > 0 => format!("0,{first}-{}", self.last),
                        _ => format!("{first}-{fix}"),
                    })
                })
            })?;
            return if start <= end { Ok((start, end)) } else { Err(self.counts_down(first, last, step)) };
        }
        let number = self.read_number(base).map_err(|cause| cause.map_fix(with_step))?;
        Ok((number, if step.is_some() { self.last } else { number }))
    }

    fn read_step(&self, step: &str) -> Result<usize, Invalid> {
        let most = self.last - self.first;
        match step.parse::<usize>() {
            Ok(0) => Err(Invalid::new(format!("the {} has a step of 0", self.name))),
            Ok(number) if number > most as usize => {
                Err(Invalid::new(format!("the {} has a step of {number}, and {most} is the most", self.name))
                    .with_help("a step counts inside its field and starts again with every round of it"))
            }
            Ok(number) => Ok(number),
            Err(_) => Err(Invalid::new(format!("the {} has the step {}", self.name, quoted(step)))
                .with_help("a step is a whole number, such as */5")),
        }
    }

    fn read_number(&self, text: &str) -> Result<u32, Invalid> {
        let lower = text.to_ascii_lowercase();
        if let Some(number) = self.named(&lower) {
            return Ok(number);
        }
        let bounds = format!("{} to {}", self.first, self.last);
        if text.is_empty() {
            return Err(Invalid::new(format!("the {} has an empty part", self.name)));
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = text.parse().ok().filter(|number| (self.first..=self.last).contains(number));
            let cause =
                || Invalid::new(format!("the {} is {}, and it must be {bounds}", self.name, shown(text)));
            return number.ok_or_else(|| if self.is_sunday(text) { cause().with_fix("0") } else { cause() });
        }
        let cause = Invalid::new(format!("the {} is {}, and it must be {bounds}", self.name, quoted(text)));
        let short: String = lower.chars().take(3).collect();
        match self.named(&short) {
            Some(_) if lower.len() > 3 => Err(cause.with_fix(short.to_ascii_uppercase())),
            _ => Err(cause.with_help(self.example())),
        }
    }

    /// The number that a name in lower case stands for.
    fn named(&self, name: &str) -> Option<u32> {
        (self.first..).zip(self.names).find(|(_, known)| **known == name).map(|(number, _)| number)
    }

    /// Whether the text is the 7 that some programs read as Sunday; Kubernetes does not.
    fn is_sunday(&self, text: &str) -> bool {
        self.last == 6 && text == "7"
    }

    fn counts_down(&self, first: &str, last: &str, step: Option<&str>) -> Invalid {
        let cause = Invalid::new(format!("the {} counts down from {first} to {last}", self.name));
        if step.is_some() {
            return cause
                .with_help("write the part before and the part after the turn, with a comma between them");
        }
        cause.with_fix(format!("{first}-{},{}-{last}", self.last, self.first))
    }

    fn example(&self) -> String {
        match self.names {
            [first, second, ..] => {
                let (first, second) = (first.to_ascii_uppercase(), second.to_ascii_uppercase());
                format!(
                    "write numbers from {} to {}, or names such as {first} and {second}",
                    self.first, self.last
                )
            }
            _ => format!("write numbers from {} to {}, such as 4, 1-5, 1,3 or */2", self.first, self.last),
        }
    }
}

/// `text` with its `nth` part between commas replaced.
fn replaced(text: &str, nth: usize, fix: &str) -> String {
    let mut parts: Vec<&str> = text.split(',').collect();
    if let Some(part) = parts.get_mut(nth) {
        *part = fix;
    }
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists_ranges_and_steps() {
        let [minute, hour, _, month, day] = &FIELDS;
        assert_eq!(minute.read("*/20").unwrap(), [0, 20, 40]);
        assert_eq!(minute.read("50/5").unwrap(), [50, 55]);
        assert_eq!(hour.read("1-7/3,22,1").unwrap(), [1, 4, 7, 22]);
        assert_eq!(month.read("JAN,mar-MAY").unwrap(), [1, 3, 4, 5]);
        assert_eq!(day.read("MON-FRI").unwrap(), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn fixes_keep_the_rest_of_the_field() {
        let [_, hour, _, _, day] = &FIELDS;
        let fix = |field: &Field, text| field.read(text).unwrap_err().fix;
        assert_eq!(fix(day, "1,7").as_deref(), Some("1,0"));
        assert_eq!(fix(day, "5-7").as_deref(), Some("0,5-6"));
        assert_eq!(fix(day, "Monday-FRI").as_deref(), Some("MON-FRI"));
        assert_eq!(fix(hour, "22-6").as_deref(), Some("22-23,0-6"));
        assert_eq!(fix(hour, "?/2").as_deref(), Some("*/2"));
    }
}
