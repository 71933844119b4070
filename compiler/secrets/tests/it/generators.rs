//! Values that are made.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::Generator;
use proptest::prelude::*;
use secrets::{Error, Made, Source, generate, is_made_of, public_half};

use crate::keys::{secret, set, today};

fn made(generator: &Generator) -> Made {
    generate(&secret("x"), generator, &Source::new()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_has_its_length_and_alphabet(length in 1u32..300, alphabet in "[!-~]{2,94}") {
        let value = made(&Generator::Random { length, alphabet: alphabet.clone() }).value;
        prop_assert_eq!(value.chars().count(), length as usize);
        prop_assert!(value.chars().all(|char| alphabet.contains(char)));
    }

    #[test]
    fn bytes_have_their_number(count in 1u32..300) {
        let hex = made(&Generator::Hex(count)).value;
        prop_assert_eq!(hex.len(), 2 * count as usize);
        prop_assert!(hex.chars().all(|char| matches!(char, '0'..='9' | 'a'..='f')));
        for generator in [Generator::Base64(count), Generator::Bytes(count)] {
            let decoded = BASE64_STANDARD.decode(made(&generator).value.as_bytes()).unwrap();
            prop_assert_eq!(decoded.len(), count as usize);
        }
    }
}

#[test]
fn every_character_comes_up_as_often() {
    let alphabet = "abcdefghijk";
    let value = made(&Generator::Random { length: 110_000, alphabet: alphabet.to_owned() }).value;
    for char in alphabet.chars() {
        let count = value.matches(char).count();
        // Ten thousand; the deviation is that of chance, and 600 of it never happens.
        assert!((9400..10_600).contains(&count), "{char} {count} times");
    }
}

#[test]
fn no_two_are_the_same() {
    let generators = [
        Generator::Random { length: 12, alphabet: "ab".to_owned() + "cdefghijklmnopqrstuvwxyz0123456789" },
        Generator::Hex(8),
        Generator::Uuid,
        Generator::AgeKey,
        Generator::SshKey { comment: String::new() },
    ];
    for generator in generators {
        let values: BTreeSet<String> = (0..50).map(|_| made(&generator).value.to_string()).collect();
        assert_eq!(values.len(), 50, "{generator:?}");
    }
}

#[test]
fn public_halves_belong_to_their_values() {
    for generator in [Generator::AgeKey, Generator::SshKey { comment: "ana at home".to_owned() }] {
        let made = made(&generator);
        assert!(made.public.is_some());
        assert_eq!(public_half(&generator, &made.value), made.public);
        assert_eq!(public_half(&generator, "something else"), None);
    }
    assert_eq!(public_half(&Generator::Uuid, "something else"), None);
}

#[test]
fn hashes_are_of_other_values() {
    let of = secret("password");
    let generators = [
        Generator::Bcrypt { of: of.clone(), cost: 4 },
        Generator::Htpasswd { user: "ana".to_owned(), of: of.clone(), cost: 4 },
    ];
    let mut source = Source::new();
    for generator in &generators {
        let error = generate(&secret("x"), generator, &source).err();
        assert_eq!(error, Some(Error::NoValue(of.clone())));
    }
    set(&mut source, "password", "hunter2");
    let [hash, line] =
        generators.each_ref().map(|generator| generate(&secret("x"), generator, &source).unwrap().value);
    assert!(bcrypt::verify("hunter2", &hash).unwrap() && !bcrypt::verify("hunter3", &hash).unwrap());
    assert!(bcrypt::verify("hunter2", line.strip_prefix("ana:").unwrap()).unwrap());
    // What is longer would be cut off in silence.
    set(&mut source, "password", &"x".repeat(73));
    let error = generate(&secret("x"), &generators[0], &source).err().unwrap();
    assert!(error.to_string().contains("72 bytes"), "{error}");
}

/// All ways to make a value; a new one is added here, or this does not compile.
fn all_generators() -> Vec<Generator> {
    let of = secret("password");
    let all = vec![
        Generator::Random { length: 20, alphabet: "abcdefgh".to_owned() },
        Generator::Hex(8),
        Generator::Base64(8),
        Generator::Bytes(8),
        Generator::Uuid,
        Generator::SshKey { comment: "ana at home".to_owned() },
        Generator::AgeKey,
        Generator::Bcrypt { of: of.clone(), cost: 4 },
        Generator::Htpasswd { user: "ana".to_owned(), of, cost: 4 },
    ];
    let number = |generator: &Generator| match generator {
        Generator::Random { .. } => 0,
        Generator::Hex(_) => 1,
        Generator::Base64(_) => 2,
        Generator::Bytes(_) => 3,
        Generator::Uuid => 4,
        Generator::SshKey { .. } => 5,
        Generator::AgeKey => 6,
        Generator::Bcrypt { .. } => 7,
        Generator::Htpasswd { .. } => 8,
    };
    assert_eq!(all.iter().map(number).collect::<Vec<_>>(), (0..9).collect::<Vec<_>>());
    all
}

#[test]
fn what_belongs_to_a_value_is_known_to_be_its() {
    for generator in all_generators() {
        let (name, mut source) = (secret("x"), Source::new());
        set(&mut source, "password", "one");
        let how = BTreeMap::from([(name.clone(), &generator)]);
        let first = generate(&name, &generator, &source).unwrap();
        source.set(&name, first.value, first.public, today()).unwrap();
        let value = source.value(&name).unwrap().to_owned();
        let half = |source: &Source| source.public_halves().map(|(_, half)| half.to_owned()).next();
        assert_eq!(half(&source).is_some(), generator.has_public_half(), "{generator:?}");
        assert!(source.other_halves(&how).is_empty() && source.renew_halves(&how).is_empty());
        assert_eq!(
            is_made_of(&generator, &value, &source),
            generator.source().map(|_| true),
            "{generator:?}"
        );
        // Another value, and the public half of the one before.
        let old = half(&source);
        let other = generate(&name, &generator, &source).unwrap();
        source.set(&name, other.value, old.clone(), today()).unwrap();
        let others = if generator.has_public_half() { vec![name.clone()] } else { Vec::new() };
        assert_eq!(source.other_halves(&how), others, "{generator:?}");
        assert_eq!(source.renew_halves(&how), others, "{generator:?}");
        assert_eq!(half(&source), other.public, "{generator:?}");
        // None at all, which is said elsewhere, and is mended too.
        let other = generate(&name, &generator, &source).unwrap();
        source.set(&name, other.value, None, today()).unwrap();
        assert!(source.other_halves(&how).is_empty());
        assert_eq!(source.renew_halves(&how), others, "{generator:?}");
        assert_eq!(half(&source), other.public, "{generator:?}");
        // What is no value of the kind.
        source.set(&name, "something".to_owned().into(), old, today()).unwrap();
        assert_eq!(source.other_halves(&how), others, "{generator:?}");
        assert_eq!((source.renew_halves(&how), half(&source)), (others, None), "{generator:?}");
        assert_eq!(is_made_of(&generator, "something", &source), None, "{generator:?}");
        // Another value that it is made of.
        set(&mut source, "password", "two");
        assert_eq!(
            is_made_of(&generator, &value, &source),
            generator.source().map(|_| false),
            "{generator:?}"
        );
    }
}
