//! What hovers of `hlc lsp` say of a real cluster.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::cluster::{Beside, LAB};

/// An editor that has a lab open.
struct Editor {
    server: Child,
    output: BufReader<ChildStdout>,
    uri: String,
    next: i64,
}

impl Editor {
    fn open(beside: &Beside, text: &str) -> Self {
        let mut command = beside.command(&["lsp"]);
        let mut server =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let output = BufReader::new(server.stdout.take().expect("a pipe"));
        let folder = format!("file://{}", beside.world.path("").display());
        let folder = folder.trim_end_matches('/').to_owned();
        let mut editor = Self { server, output, uri: format!("{folder}/homelab.hl"), next: 0 };
        let folders = json!([{ "uri": folder, "name": "lab" }]);
        editor.ask("initialize", &json!({ "capabilities": {}, "workspaceFolders": folders }));
        editor.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        let document = json!({ "uri": editor.uri, "languageId": "hl", "version": 1, "text": text });
        let params = json!({ "textDocument": document });
        editor.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params }));
        editor
    }

    fn send(&mut self, message: &Value) {
        let (body, input) = (message.to_string(), self.server.stdin.as_mut().expect("it reads"));
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it reads");
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let mut message = self.take();
            if message["id"] == id && message["method"].is_null() {
                return message["result"].take();
            }
        }
    }

    fn take(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("it goes on");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(said) => length = said.parse().expect("a length"),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a body");
        serde_json::from_slice(&body).expect("JSON")
    }

    /// What a hover over the app says.
    fn hover(&mut self) -> String {
        let line = LAB.lines().position(|line| line.starts_with("app web")).expect("it is there");
        let at = json!({ "line": line, "character": 5 });
        let params = json!({ "textDocument": { "uri": self.uri }, "position": at });
        let answer = self.ask("textDocument/hover", &params);
        answer["contents"]["value"].as_str().expect("a text").to_owned()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn hovers_say_how_an_app_is_doing() {
    let beside = Beside::new(LAB);
    let mut editor = Editor::open(&beside, &beside.world.text("homelab.hl"));
    // What a busy cluster says too late is there for the next time.
    let mut until = |wanted: &str| {
        for _ in 0..600 {
            let said = editor.hover();
            assert!(said.contains("app web"), "{said}");
            if said.contains(wanted) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("never said: {wanted}; but {}", editor.hover());
    };
    until("live: not there");
    beside.done(&["apply", "--yes"]);
    until("live: 1 of 1 pods ready, nginx:1.29.0");
    let image = "web=docker.io/library/nginx:1.28.0";
    beside.plane.kubectl(&["--namespace", "tools", "set", "image", "deployment/web", image]).succeeded();
    until("live: differs from the lab (run 'hlc plan'): ");
}
