//! What a `backup` deploys brings back what was there: the commands of the very objects that are built are run with the
//! real restic and a real database, each container with its own environment and its volumes as folders.

use std::fs;
use std::path::Path;

use harness::postgresql::Postgresql;

use crate::containers::{Cluster, Run};

const LAB: &str = include_str!("../../src/backup.hl");

/// The password of the repository, which no object may hold.
const PASSWORD: &str = "c0rrect horse: 'battery' $staple";

#[test]
fn volumes_are_as_they_were() {
    let cluster = Cluster::of(LAB, &[("RESTIC_PASSWORD", PASSWORD)]);
    let volumes = cluster.folder("/volumes/wiki");
    write(&volumes, "uploads/2026/cat.jpg", "a cat");
    write(&volumes, "uploads/kept.txt", "first");
    write(&volumes, "uploads/half.tmp", "not worth it");
    write(&volumes, "settings/wiki.yaml", "theme: dark");
    cluster.run("nightly-setup", &[]).succeeded();
    cluster.run("nightly-files-wiki", &[]).succeeded();

    fs::remove_dir_all(volumes.join("uploads/2026")).unwrap();
    write(&volumes, "uploads/kept.txt", "second, and longer");
    write(&volumes, "uploads/new.txt", "came since");
    write(&volumes, "settings/wiki.yaml", "theme: light");
    cluster.run("nightly-restore-files-wiki", &[("VOLUMES", "uploads")]).succeeded();
    let expected =
        ["settings/wiki.yaml: theme: light", "uploads/2026/cat.jpg: a cat", "uploads/kept.txt: first"];
    assert_eq!(listed(&volumes), expected, "one volume alone is had again");

    cluster.run("nightly-restore-files-wiki", &[]).succeeded();
    let expected =
        ["settings/wiki.yaml: theme: dark", "uploads/2026/cat.jpg: a cat", "uploads/kept.txt: first"];
    assert_eq!(listed(&volumes), expected);
}

#[test]
fn an_older_snapshot_is_had_again_until_it_is_no_longer_kept() {
    let cluster = Cluster::of(LAB, &[("RESTIC_PASSWORD", PASSWORD)]);
    let photos = cluster.folder("/hosts/attic/srv/photos");
    cluster.run("nightly-setup", &[]).succeeded();
    write(&photos, "cat.jpg", "first");
    cluster.run("nightly-folder-photos", &[]).succeeded();
    let first = cluster.snapshots().pop().expect("a snapshot");
    write(&photos, "cat.jpg", "second");
    cluster.run("nightly-folder-photos", &[]).succeeded();
    assert_eq!(cluster.snapshots().len(), 2);

    cluster.run("nightly-restore-folder-photos", &[("SNAPSHOT", &first)]).succeeded();
    assert_eq!(listed(&photos), ["cat.jpg: first"]);
    cluster.run("nightly-restore-folder-photos", &[]).succeeded();
    assert_eq!(listed(&photos), ["cat.jpg: second"]);

    cluster.run("nightly-upkeep", &[]).succeeded();
    assert_eq!(cluster.snapshots().len(), 1, "one is kept");
    cluster.run("nightly-restore-folder-photos", &[("SNAPSHOT", &first)]).failed();
    assert_eq!(listed(&photos), ["cat.jpg: second"], "what is not there changes nothing");
}

#[test]
fn a_database_is_as_it_was() {
    let database = Postgresql::start("wiki", "wiki");
    let cluster = with_database(&database);
    cluster.run("nightly-setup", &[]).succeeded();
    database.sql("create table pages (title text primary key, body text); create sequence visits");
    database.sql(
        "insert into pages select 'page ' || n, repeat(md5(n::text), 40) from generate_series(1, 5000) n",
    );
    let before = database.sql("select count(*), md5(string_agg(body, '' order by title)) from pages");
    cluster.run("nightly-database-wiki-db", &[]).succeeded();

    database.sql(
        "delete from pages where title like '%7%'; update pages set body = 'lost'; drop sequence visits",
    );
    cluster.run("nightly-restore-database-wiki-db", &[]).succeeded();
    assert_eq!(database.sql("select count(*), md5(string_agg(body, '' order by title)) from pages"), before);
    assert_eq!(database.sql("select nextval('visits')"), "1");
}

#[test]
fn a_dump_that_breaks_off_is_no_snapshot_and_restores_nothing() {
    let database = Postgresql::start("wiki", "wiki");
    let cluster = with_database(&database);
    cluster.run("nightly-setup", &[]).succeeded();
    // A table that the user of the database may not read stops pg_dump in the middle of it.
    database.sql("create table pages (title text); insert into pages values ('first')");
    database.administer("create table closed (a int)");
    cluster.run("nightly-database-wiki-db", &[]).failed();
    assert!(cluster.snapshots().is_empty(), "what broke off is kept nowhere");

    database.administer("drop table closed");
    cluster.run("nightly-database-wiki-db", &[]).succeeded();
    // One that must not be dropped, since something else hangs on it, stops pg_restore.
    database.sql("insert into pages values ('second')");
    database.sql("create view titles as select title from pages");
    cluster.run("nightly-restore-database-wiki-db", &[]).failed();
    assert_eq!(database.sql("select count(*) from pages"), "2", "nothing is restored in part");
}

#[test]
fn a_repository_that_is_gone_is_noticed_and_never_made_by_a_backup() {
    let cluster = Cluster::of(LAB, &[("RESTIC_PASSWORD", PASSWORD)]);
    write(&cluster.folder("/volumes/wiki"), "uploads/cat.jpg", "a cat");
    cluster.run("nightly-files-wiki", &[]).failed();
    assert!(listed(&cluster.folder("/repository")).is_empty(), "a backup makes no repository");
    cluster.run("nightly-setup", &[]).succeeded();
    let made = listed(&cluster.folder("/repository"));
    cluster.run("nightly-setup", &[]).succeeded();
    assert_eq!(listed(&cluster.folder("/repository")), made, "one that is there stays");

    let other = cluster.with_secret("RESTIC_PASSWORD", "another");
    other.run("nightly-setup", &[]).failed();
    other.run("nightly-files-wiki", &[]).failed();
}

#[test]
fn no_secret_is_in_what_is_deployed_or_in_a_command_line() {
    let runs = Cluster::of(LAB, &[]).runs();
    assert!(runs.len() > 8, "there are {} containers", runs.len());
    for Run { command, plain, secret, .. } in runs {
        // Who dumps knows the database, and who writes knows the repository; neither knows both.
        let known: Vec<&str> = secret.keys().map(String::as_str).collect();
        let expected = if plain.contains_key("PGHOST") { "PGPASSWORD" } else { "RESTIC_PASSWORD" };
        if command[0] != "sh" || !plain.contains_key("KEEP") {
            assert_eq!(known, [expected], "{command:?}");
        }
        assert!(plain.keys().all(|name| !name.ends_with("PASSWORD")), "{plain:?}");
    }
}

/// A cluster whose database is this one.
fn with_database(database: &Postgresql) -> Cluster {
    let secrets = [("RESTIC_PASSWORD", PASSWORD), ("PGPASSWORD", database.password())];
    Cluster::of(LAB, &secrets).with_name("wiki-db.notes.svc.cluster.local", database.socket())
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
    fs::write(path, text).expect("the file can be written");
}

/// The files below a folder with what is in them, sorted.
fn listed(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(&at).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                waiting.push(entry);
            } else {
                let name = entry.strip_prefix(folder).expect("it is below").display().to_string();
                found
                    .push(format!("{name}: {}", String::from_utf8_lossy(&fs::read(&entry).expect("a file"))));
            }
        }
    }
    found.sort();
    found
}
