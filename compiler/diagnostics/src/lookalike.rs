//! Letters that look like those of names and are others: `а` of the Cyrillic alphabet for `a`.

/// Letters of other alphabets, and below each the letter or sign that it looks like.
const LOOKALIKES: [(&str, &str); 4] = [
    // Cyrillic.
    ("аеорсухіјѕԁһԛԝкАВЕКМНОРСТХУІЈЅ", "aeopcyxijsdhqwkABEKMHOPCTXYIJS"),
    // Greek.
    ("οανικρυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavikpuABEZHIKMNOPTYX"),
    // Latin letters of other languages.
    ("ıɑɡ", "iag"),
    // Dashes and minus signs.
    ("‐‑‒–—−", "------"),
];

/// The letter, digit or sign that `c` looks like, if that is another one.
pub fn lookalike(c: char) -> Option<char> {
    if matches!(c, '！'..='～') {
        return char::from_u32(u32::from(c) - (u32::from('！') - u32::from('!')));
    }
    LOOKALIKES.iter().find_map(|(others, own)| {
        let at = others.chars().position(|other| other == c)?;
        own.chars().nth(at)
    })
}

/// The name that `word` looks like, and what to say about the first letter that is another one.
pub fn lookalike_name(word: &str) -> Option<(String, String)> {
    let other = word.chars().find(|c| !c.is_ascii())?;
    let own = lookalike(other)?;
    let name: String = word.chars().map(|c| lookalike(c).unwrap_or(c)).collect();
    let note = format!("its '{other}' (U+{:04X}) only looks like '{own}'", u32::from(other));
    name.is_ascii().then_some((name, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_letter_that_it_looks_like() {
        for (others, own) in LOOKALIKES {
            assert_eq!(others.chars().count(), own.chars().count(), "{others}");
            assert!(own.is_ascii() && others.chars().all(|c| !c.is_ascii()));
        }
    }

    #[test]
    fn names_are_read_as_they_look() {
        let (name, note) = lookalike_name("hom\u{435}l\u{430}b").expect("it looks like 'homelab'");
        assert_eq!(name, "homelab");
        assert_eq!(note, "its 'е' (U+0435) only looks like 'e'");
        assert_eq!(lookalike_name("ａpp").map(|(name, _)| name).as_deref(), Some("app"));
        assert_eq!((lookalike_name("größe"), lookalike_name("app")), (None, None));
    }
}
