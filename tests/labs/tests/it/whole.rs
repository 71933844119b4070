//! Without tools: everything that is declared is built, and every field of the library is tried.

use std::sync::OnceLock;

use driver::Session;
use labs::schema::Schema;
use labs::{Counts, Grower, Grown, built, shrink, whole};
use types::Ty;

/// How many labs are made; more by hand.
pub(crate) fn many() -> u64 {
    std::env::var("HLC_LABS").ok().and_then(|many| many.parse().ok()).unwrap_or(300)
}

/// The labs that all tests look at, made on two cores.
pub(crate) fn labs() -> &'static [Grown] {
    static LABS: OnceLock<Vec<Grown>> = OnceLock::new();
    LABS.get_or_init(|| {
        let half = |rest: u64| {
            let mut grower = Grower::new();
            (0..many()).filter(|seed| seed % 2 == rest).map(|seed| grower.grow(seed)).collect::<Vec<_>>()
        };
        let mut all = std::thread::scope(|scope| {
            let other = scope.spawn(|| half(1));
            let own = half(0);
            own.into_iter().chain(other.join().expect("labs are made")).collect::<Vec<_>>()
        });
        all.sort_by_key(|lab| lab.seed);
        all
    })
}

#[test]
fn what_is_accepted_is_whole_and_every_field_is_tried() {
    let (mut set, mut refused) = (Counts::new(), Counts::new());
    let (mut added, mut kept) = (0, 0);
    let mut wrong = Vec::new();
    for grown in labs() {
        let seed = grown.seed;
        let missing = whole::missing(&grown.lab, &grown.outputs);
        if !missing.is_empty() {
            wrong.push(format!("seed {seed}: {missing:?}"));
            if wrong.len() < 4 {
                eprintln!("seed {seed}: {missing:?}\n{}", without_what_is_whole(grown, &missing[0]));
            }
        }
        added += grown.added;
        for declaration in &grown.lab {
            declaration.visit(&mut |one| {
                kept += one.settings.len() + usize::from(!one.is_base);
                one.sets().for_each(|field| *set.entry(field).or_default() += 1);
            });
        }
        for (rule, count) in &grown.refused {
            *refused.entry(rule.clone()).or_default() += count;
        }
    }
    eprintln!("{} labs; of {added} declarations and fields {kept} were accepted", many());
    eprintln!("refused: {refused:?}");
    eprintln!("set: {set:?}");
    assert!(wrong.is_empty(), "{} labs are not whole: {wrong:#?}", wrong.len());
    let all = Schema::of_library().settable();
    let never: Vec<&String> =
        all.iter().filter(|field| !set.contains_key(*field) && !is_set_by_hand(field)).collect();
    assert!(never.is_empty(), "never set in a lab that is accepted: {never:?}");
}

/// Whether a field is set in the lab of [`crate::extensions`]: chance finds few of those that exclude each other.
fn is_set_by_hand(field: &str) -> bool {
    let Some((owner, name)) = field.rsplit_once('.') else { return false };
    let kind = owner.split(['#', '.']).next().unwrap_or_default();
    let sets = |line: &str| {
        let words = line.split([' ', '{', '}', ',']).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().contains(&name)
    };
    // A declaration begins at the beginning of a line, and all of its other lines do not.
    let mut is_inside = false;
    crate::extensions::LAB.lines().any(|line| {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            is_inside = kind.is_empty() || line.split(' ').next() == Some(kind);
        }
        is_inside && sets(line)
    })
}

/// Of whatever a field says how large it is, nothing is too little.
#[test]
fn nothing_is_no_size() {
    const LAB: &str = concat!(
        include_str!("../../src/full.hl"),
        "app web in main {\n  image = \"docker.io/library/httpd:2.4.65\"\n  volume data { at = /a }\n",
        "  init first { image = \"docker.io/library/httpd:2.4.65\" }\n",
        "  sidecar other { image = \"docker.io/library/httpd:2.4.65\" }\n}\n",
        "job dump in main {\n  image = \"docker.io/library/httpd:2.4.65\"\n  volume data { at = /a }\n",
        "  init first { image = \"docker.io/library/httpd:2.4.65\" }\n",
        "  sidecar other { image = \"docker.io/library/httpd:2.4.65\" }\n}\n",
    );
    let fields = Schema::of_library().of_type(&Ty::Size);
    assert!(fields.len() > 15, "{fields:?}");
    for (kind, field) in fields {
        // What is in a job comes behind all that is in an app.
        let around =
            if kind.starts_with("job.") { LAB.find("\njob dump in").expect("it is there") } else { 0 };
        let (lab, head) = (&LAB[around..], types::last_segment(&kind));
        let start = lab.find(&format!("\n{head} ")).or_else(|| lab.find(&format!("\n  {head} ")));
        let start = around + start.unwrap_or_else(|| panic!("nothing is a {kind}"));
        let open = start + LAB[start..].find('{').expect("it has a body") + 1;
        let with = |size: &str| format!("{} {field} = {size}\n{}", &LAB[..open], &LAB[open..]);
        let problems = |size: &str| {
            let session = Session::open(vec![("homelab.hl".to_owned(), with(size))]);
            let wrong = session.problems().into_iter().filter(|one| one.rule.name == "check-failed");
            wrong.map(|one| one.message).collect::<Vec<_>>()
        };
        assert!(!problems("0B").is_empty(), "{kind}.{field} = 0B is accepted\n{}", with("0B"));
        assert!(
            problems("1GiB").len() < problems("0B").len(),
            "{kind}.{field} = 1GiB: {:?}",
            problems("1GiB")
        );
    }
}

/// As little of a lab as is needed for `line` to be missing.
fn without_what_is_whole(grown: &Grown, line: &String) -> String {
    shrink(&grown.text, 400, |text| {
        let mut lab = grown.lab.clone();
        lab.retain(|declaration| text.contains(&format!("{} ", declaration.head)));
        !lab.is_empty() && built(text).is_some_and(|outputs| whole::missing(&lab, &outputs).contains(line))
    })
}
