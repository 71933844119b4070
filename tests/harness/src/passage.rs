//! A way to an API server that can be closed behind any request: whoever is on it can be killed between two.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::control_plane::ControlPlane;
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
    upstream: String,
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
        let gate = Arc::new(Gate { passed: AtomicUsize::new(0), closes_behind, upstream });
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
        self.close_behind(usize::MAX);
    }

    /// Closes the way behind so many requests from now on: the last of them is done, and nobody hears of it.
    pub fn close_behind(&self, requests: usize) {
        self.gate.passed.store(0, Ordering::SeqCst);
        self.gate.closes_behind.store(requests, Ordering::SeqCst);
    }

    /// How many requests were let through.
    pub fn passed(&self) -> usize {
        self.gate.passed.load(Ordering::SeqCst)
    }

    /// Whether the last request that may pass was done.
    pub fn is_closed(&self) -> bool {
        self.passed() >= self.gate.closes_behind.load(Ordering::SeqCst)
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
        let limit = self.closes_behind.load(Ordering::SeqCst);
        if self.passed.load(Ordering::SeqCst) >= limit {
            return hold(&client);
        }
        let Some(answer) = self.ask(&request) else { return };
        let nth = self.passed.fetch_add(1, Ordering::SeqCst) + 1;
        if nth >= limit {
            return hold(&client);
        }
        let mut client = client;
        let _ = client.write_all(&answer);
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
