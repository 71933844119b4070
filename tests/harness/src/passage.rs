//! A way to an API server that can be closed behind any request, so that whoever is on it can be killed between two, and
//! on which requests can be disturbed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::control_plane::ControlPlane;
use crate::http;
use crate::scratch::Scratch;

/// A way to an API server, in plain HTTP.
pub struct Passage {
    proxy: Child,
    scratch: Scratch,
    gate: Arc<Gate>,
}

/// How many requests passed, and behind which one nothing passes.
struct Gate {
    passed: AtomicUsize,
    closes_behind: AtomicUsize,
    /// Whether only requests count that change something.
    counts_writes: AtomicBool,
    turns: Mutex<Turns>,
    /// Held by a request that may be the one to be closed behind: no other is done meanwhile.
    on_the_way: Mutex<()>,
    disturbance: Mutex<Option<Disturbance>>,
    upstream: String,
}

/// The requests that the way closes behind in turns: each of those that change something.
#[derive(Default)]
struct Turns {
    /// Whether it closes behind the next one that is new.
    are_taken: bool,
    /// Those that it has closed behind.
    known: BTreeSet<String>,
    /// How often each was made since it is open.
    made: BTreeMap<String, usize>,
}

/// What happens to a request in place of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Somebody on the way answers: with this code, this line of a header and this body.
    Answered(u16, &'static str, &'static str),
    /// The connection ends, and the server hears of nothing.
    CutBefore,
    /// The server does what was asked, and the connection ends in the middle of the answer.
    CutBehind,
    /// The answer takes so long.
    Late(Duration),
}

/// Which requests are disturbed, and how.
struct Disturbance {
    fault: Fault,
    /// Whether a request is meant that begins with this line: `PATCH /api/v1/… HTTP/1.1`.
    is_meant: fn(&str) -> bool,
    /// Those that were disturbed, if each is only the first time that it is made.
    once: Option<BTreeSet<String>>,
}

impl Passage {
    /// A way to this API server, open.
    #[track_caller]
    pub fn to(plane: &ControlPlane) -> Self {
        let mut proxy = plane.kubectl_command();
        proxy.args(["proxy", "--port=0", "--address=127.0.0.1"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut proxy = proxy.spawn().expect("kubectl starts");
        let mut said = String::new();
        let out = proxy.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut said).expect("kubectl says where it listens");
        let upstream = said.trim().rsplit(' ').next().expect("an address").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let scratch = Scratch::new("hlc-passage-");
        let kubeconfig = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: here\n\
             clusters: [{{name: here, cluster: {{server: 'http://127.0.0.1:{port}'}}}}]\n\
             users: [{{name: here, user: {{}}}}]\n\
             contexts: [{{name: here, context: {{cluster: here, user: here}}}}]\n"
        );
        fs::write(scratch.path().join("kubeconfig"), kubeconfig).expect("it can be written");
        let closes_behind = AtomicUsize::new(usize::MAX);
        let (passed, disturbance) = (AtomicUsize::new(0), Mutex::new(None));
        let counts_writes = AtomicBool::new(false);
        let (turns, on_the_way) = (Mutex::default(), Mutex::default());
        let gate = Gate { passed, closes_behind, counts_writes, turns, on_the_way, disturbance, upstream };
        let gate = Arc::new(gate);
        let of_listener = Arc::clone(&gate);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let gate = Arc::clone(&of_listener);
                thread::spawn(move || gate.pass(client));
            }
        });
        Self { proxy, scratch, gate }
    }

    /// A kubeconfig that leads through here.
    pub fn kubeconfig(&self) -> PathBuf {
        self.scratch.path().join("kubeconfig")
    }

    /// Lets everything through from now on, and counts anew.
    pub fn open(&self) {
        *self.gate.disturbance.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.close_behind(usize::MAX);
    }

    /// Disturbs requests whose first line is meant from now on.
    pub fn disturb(&self, fault: Fault, is_meant: fn(&str) -> bool) {
        self.set(Disturbance { fault, is_meant, once: None });
    }

    /// Disturbs each request the first time that it is made: who makes it again gets through.
    pub fn disturb_once(&self, fault: Fault, is_meant: fn(&str) -> bool) {
        self.set(Disturbance { fault, is_meant, once: Some(BTreeSet::new()) });
    }

    fn set(&self, disturbance: Disturbance) {
        *self.gate.disturbance.lock().unwrap_or_else(PoisonError::into_inner) = Some(disturbance);
    }

    /// Closes the way behind so many requests from now on: the last of them is done, and nobody hears of it.
    pub fn close_behind(&self, requests: usize) {
        self.gate.turns().are_taken = false;
        self.gate.passed.store(0, Ordering::SeqCst);
        self.gate.closes_behind.store(requests, Ordering::SeqCst);
    }

    /// Closes the way behind a request that changes something and that it has not closed behind before. What is made
    /// several times on the way there is as many requests.
    pub fn close_behind_another(&self) {
        self.close_behind(usize::MAX);
        let mut turns = self.gate.turns();
        turns.made.clear();
        turns.are_taken = true;
    }

    /// What the API server answers to who reads.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        http::answer(&self.gate.upstream, &format!("GET {path}"), "")
    }

    /// Counts only requests that change something: between two of them the server's state is the same.
    pub fn count_writes(&self) {
        self.gate.counts_writes.store(true, Ordering::SeqCst);
    }

    /// How many requests were let through.
    pub fn passed(&self) -> usize {
        self.gate.passed.load(Ordering::SeqCst)
    }

    /// Whether the last request that may pass was done.
    pub fn is_closed(&self) -> bool {
        self.gate.is_closed()
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
    }
}

impl Gate {
    /// Takes one request from a client to the server, and the answer back.
    fn pass(&self, client: TcpStream) {
        let Some(request) = read_request(&client) else { return };
        if self.is_closed() {
            return hold(&client);
        }
        let fault = self.fault(&request);
        let mut client = client;
        match fault {
            Some(Fault::CutBefore) => return,
            Some(Fault::Answered(code, header, body)) => {
                let length = body.len();
                let answer =
                    format!("HTTP/1.1 {code} Said\r\n{header}\r\ncontent-length: {length}\r\n\r\n{body}");
                let _ = client.write_all(answer.as_bytes());
                let _ = client.shutdown(Shutdown::Both);
                return;
            }
            Some(Fault::Late(time)) => thread::sleep(time),
            Some(Fault::CutBehind) | None => {}
        }
        if is_watch(&request) {
            return self.stream(&request, client);
        }
        let alone = self.waits_its_turn(&request);
        if self.is_closed() {
            drop(alone);
            return hold(&client);
        }
        let Some(mut answer) = self.ask(&request) else { return };
        if let Some(Fault::CutBehind) = fault {
            answer.truncate(answer.len() / 2);
        }
        let counts = !self.counts_writes.load(Ordering::SeqCst) || is_write(&request);
        let nth = self.passed.fetch_add(usize::from(counts), Ordering::SeqCst) + usize::from(counts);
        if is_write(&request) {
            self.note(&request);
        }
        drop(alone);
        if nth >= self.closes_behind.load(Ordering::SeqCst) {
            return hold(&client);
        }
        let _ = client.write_all(&answer);
        let _ = client.shutdown(Shutdown::Both);
    }

    fn is_closed(&self) -> bool {
        self.passed.load(Ordering::SeqCst) >= self.closes_behind.load(Ordering::SeqCst)
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no other is on its way that the way may be closed behind, if it may be closed behind this one.
    fn waits_its_turn(&self, request: &[u8]) -> Option<MutexGuard<'_, ()>> {
        let may_close = is_write(request) && self.turns().are_taken;
        may_close.then(|| self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes a request that changed something; closes the way behind it if it is the one to be closed behind.
    fn note(&self, request: &[u8]) {
        let mut turns = self.turns();
        if !turns.are_taken {
            return;
        }
        let called = called(request);
        let made = turns.made.entry(called.clone()).or_default();
        *made += 1;
        // A Lease is renewed as often as there is time for.
        let nth = if called.contains("/leases/") { 1 } else { *made };
        if turns.known.insert(format!("{called} {nth}")) {
            turns.are_taken = false;
            self.closes_behind.store(0, Ordering::SeqCst);
        }
    }

    /// What happens to a request in place of an answer.
    fn fault(&self, request: &[u8]) -> Option<Fault> {
        let line = first_line(request).into_owned();
        let mut disturbance = self.disturbance.lock().unwrap_or_else(PoisonError::into_inner);
        let disturbance = disturbance.as_mut().filter(|one| (one.is_meant)(&line))?;
        let is_new = disturbance.once.as_mut().is_none_or(|seen| seen.insert(line));
        is_new.then_some(disturbance.fault)
    }

    /// Hands an answer on as it comes, until either side has enough.
    fn stream(&self, request: &[u8], mut client: TcpStream) {
        let Ok(mut server) = TcpStream::connect(&self.upstream) else { return };
        let _ = server.write_all(request).and_then(|()| io::copy(&mut server, &mut client));
        let _ = client.shutdown(Shutdown::Both);
    }

    fn ask(&self, request: &[u8]) -> Option<Vec<u8>> {
        let mut server = TcpStream::connect(&self.upstream).ok()?;
        server.write_all(request).ok()?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).ok()?;
        Some(answer)
    }
}

/// The first line of a request.
fn first_line(request: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(request.split(|byte| *byte == b'\r').next().unwrap_or_default())
}

/// What tells a request from others: what is done, and to what.
fn called(request: &[u8]) -> String {
    let line = first_line(request);
    let line = line.split('?').next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let body = request.windows(4).position(|end| end == b"\r\n\r\n").map(|at| &request[at + 4..]);
    let object: Value = body.and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    format!("{line} {}", object["metadata"]["name"].as_str().unwrap_or_default())
}

/// Whether the answer goes on for as long as somebody listens.
fn is_watch(request: &[u8]) -> bool {
    let line = first_line(request);
    ["?watch=", "&watch="].iter().any(|word| line.contains(word))
}

/// Whether a request changes something.
fn is_write(request: &[u8]) -> bool {
    let line = first_line(request);
    !line.starts_with("GET ") && !line.contains("dryRun=All") && !line.contains("selfsubject")
}

/// Leaves a client without an answer until it is gone.
fn hold(client: &TcpStream) {
    let _ = client.set_read_timeout(Some(Duration::from_mins(1)));
    let mut client = client;
    while client.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
}

/// A request as it came, with a wish that nothing follows it on the same connection.
fn read_request(client: &TcpStream) -> Option<Vec<u8>> {
    let mut reader = BufReader::new(client);
    let (mut request, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            request.extend(b"connection: close\r\n\r\n");
            break;
        }
        request.extend(line.bytes());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.extend(body);
    Some(request)
}
