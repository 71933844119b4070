//! A client that waits for each answer, and keeps what it is told meanwhile.

use std::collections::BTreeMap;
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};
use server::{Ended, Live, World};
use tempfile::TempDir;

/// A client, and the folder that it has open.
pub(crate) struct Client {
    input: PipeReader,
    output: PipeWriter,
    server: JoinHandle<Ended>,
    pub(crate) folder: TempDir,
    next: i64,
    /// What was answered to requests that nobody waited for yet.
    answers: BTreeMap<i64, Value>,
    /// The problems that each document was said to have last, and the version.
    pub(crate) problems: BTreeMap<String, (Option<i64>, Vec<Value>)>,
    /// What else the server told or asked, in order.
    pub(crate) heard: Vec<(String, Value)>,
    /// What it is answered to what it asks; nothing to all else.
    pub(crate) replies: BTreeMap<&'static str, Value>,
    /// What the server said that it can do.
    pub(crate) capabilities: Value,
}

/// As much as labs of tests need.
const STACK: usize = 64 << 20;

impl Client {
    /// A client of a server that has a folder with these files open.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, json!({}))
    }

    /// The same, of a client that can do this.
    pub(crate) fn with(files: &[(&str, &str)], capabilities: Value) -> Self {
        Self::begun(files).initialized(capabilities)
    }

    /// A client of a server that knows who knows a cluster.
    pub(crate) fn beside(files: &[(&str, &str)], live: Option<Arc<dyn Live>>) -> Self {
        Self::started(files, live).initialized(json!({}))
    }

    fn initialized(self, capabilities: Value) -> Self {
        let mut client = self;
        let folder = client.uri("").trim_end_matches('/').to_owned();
        let params = json!({
            "processId": null,
            "rootUri": folder,
            "workspaceFolders": [{ "uri": folder, "name": "lab" }],
            "capabilities": capabilities,
        });
        let answer = client.ask("initialize", params).expect("the server begins");
        client.capabilities = answer["capabilities"].clone();
        client.tell("initialized", json!({}));
        client
    }

    /// One that has said nothing yet.
    pub(crate) fn begun(files: &[(&str, &str)]) -> Self {
        Self::started(files, None)
    }

    fn started(files: &[(&str, &str)], live: Option<Arc<dyn Live>>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        let (read, output) = pipe().expect("a pipe");
        let (input, write) = pipe().expect("a pipe");
        let serve = || server::serve(read, write, World { today: || None, live });
        let server = thread::Builder::new().stack_size(STACK).spawn(serve).expect("a thread");
        let (answers, problems) = (BTreeMap::new(), BTreeMap::new());
        let (heard, replies, capabilities) = (Vec::new(), BTreeMap::new(), Value::Null);
        Self { input, output, server, folder, next: 0, answers, problems, heard, replies, capabilities }
    }

    /// The document of a file.
    pub(crate) fn uri(&self, name: &str) -> String {
        format!("file://{}/{name}", self.folder.path().canonicalize().expect("it is there").display())
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.output.write_all(bytes).expect("the server reads");
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks without waiting; the number of the request.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        self.next
    }

    /// Asks, and waits for the answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.request(method, params);
        self.answer(id)
    }

    /// The answer to a request.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        while !self.answers.contains_key(&id) {
            self.take();
        }
        let mut answer = self.answers.remove(&id).expect("it is there");
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].take()),
        }
    }

    /// Whether what has been read answers a request.
    pub(crate) fn is_answered(&self, id: i64) -> bool {
        self.answers.contains_key(&id)
    }

    /// Takes the next message.
    pub(crate) fn take(&mut self) {
        let message = read(&mut self.input);
        let method = message["method"].as_str().unwrap_or_default();
        if method == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().expect("a document").to_owned();
            let found = params["diagnostics"].as_array().expect("problems").clone();
            self.problems.insert(uri, (params["version"].as_i64(), found));
        } else if let (Some(id), true) = (message["id"].as_i64(), method.is_empty()) {
            self.answers.insert(id, message);
        } else {
            self.heard.push((method.to_owned(), message["params"].clone()));
            if !message["id"].is_null() {
                let reply = self.replies.get(method).cloned().unwrap_or_default();
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": reply }));
            }
        }
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "hl", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces all of a document.
    pub(crate) fn replace(&mut self, uri: &str, version: i64, text: &str) {
        self.change(uri, version, json!([{ "text": text }]));
    }

    pub(crate) fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The problems of a version of a document, once they are told.
    pub(crate) fn problems_of(&mut self, uri: &str, version: i64) -> Vec<Value> {
        loop {
            match self.problems.get(uri) {
                Some((Some(told), found)) if *told >= version => return found.clone(),
                _ => self.take(),
            }
        }
    }

    /// Takes messages until what is told of a document is so.
    pub(crate) fn until(&mut self, uri: &str, is_so: impl Fn(&[Value]) -> bool) {
        while !self.problems.get(uri).is_some_and(|(_, found)| is_so(found)) {
            self.take();
        }
    }

    /// Takes messages until the server has told or asked something like this; what that was.
    pub(crate) fn hear(&mut self, method: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let found = self.heard.iter().position(|(heard, params)| heard == method && is_it(params));
            match found {
                Some(at) => return self.heard.remove(at).1,
                None => self.take(),
            }
        }
    }

    /// Leaves; how the server sees it.
    pub(crate) fn leave(mut self) -> Ended {
        self.ask("shutdown", Value::Null).expect("it shuts down");
        self.tell("exit", Value::Null);
        self.server.join().expect("the server ends")
    }

    /// Goes without a word; how the server sees it.
    pub(crate) fn vanish(self) -> Ended {
        drop(self.output);
        drop(self.input);
        self.server.join().expect("the server ends")
    }
}

fn read(input: &mut impl Read) -> Value {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        input.read_exact(&mut byte).expect("the server goes on");
        head.extend(byte);
    }
    let head = String::from_utf8(head).expect("a head");
    let length = head.trim().strip_prefix("Content-Length: ").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.expect("a length")];
    input.read_exact(&mut body).expect("a body");
    serde_json::from_slice(&body).expect("JSON")
}

/// The rules that are broken.
pub(crate) fn codes(problems: &[Value]) -> Vec<&str> {
    problems.iter().map(|problem| problem["code"].as_str().expect("a rule")).collect()
}

/// A client that counts so.
pub(crate) fn counting(encoding: &str) -> Value {
    json!({ "general": { "positionEncodings": [encoding] } })
}
