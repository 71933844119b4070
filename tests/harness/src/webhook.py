"""Answers every question of an API server with a refusal, until standard input closes."""

import http.server
import json
import os
import ssl
import sys
import threading

folder, code, message = sys.argv[1], int(sys.argv[2]), sys.argv[3]


class Guard(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status = {"code": code, "message": message}
        response = {"uid": review["request"]["uid"], "allowed": False, "status": status}
        answer = {"apiVersion": review["apiVersion"], "kind": review["kind"], "response": response}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Guard)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
