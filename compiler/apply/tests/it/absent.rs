//! Where there is no cluster, that is said at once, and not after it was asked again and again.

use std::io::Write;
use std::net::TcpListener;

use apply::Error;
use tempfile::NamedTempFile;

use crate::lab::{by, config, desired};

/// What a plan says of a cluster at this address.
fn said(address: &str) -> Error {
    let mut file = NamedTempFile::new().expect("a temporary file");
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: here\n\
         clusters: [{{name: here, cluster: {{server: '{address}', insecure-skip-tls-verify: true}}}}]\n\
         users: [{{name: here, user: {{}}}}]\n\
         contexts: [{{name: here, context: {{cluster: here, user: here}}}}]\n"
    );
    file.write_all(text.as_bytes()).expect("it can be written");
    let cluster = by(file.path().to_owned());
    let found = apply::plan(&cluster, &mut desired(vec![config("a", "1")]), false);
    found.map(drop).expect_err("there is none")
}

/// An error of this kind is never a reason to ask again.
#[track_caller]
fn assert_absent(error: &Error, why: &str) {
    assert!(matches!(error, Error::Absent(..)), "{error:?}");
    assert!(error.to_string().contains(why) && error.help().is_some(), "{error}");
}

#[test]
fn where_nothing_listens_that_is_said_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    assert_absent(&said(&format!("https://{address}")), "nothing listens there (connection refused)");
}

#[test]
fn a_name_that_nobody_has_is_said_at_once() {
    let error = said("https://cluster.invalid:6443");
    assert!(matches!(&error, Error::Absent(server, _) if server.contains("cluster.invalid")), "{error:?}");
}

#[test]
fn a_connection_that_does_not_come_about_is_given_up() {
    // It takes what is sent, and never says a word.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    assert_absent(&said(&format!("https://{address}")), "there was no connection within 5 s");
}
