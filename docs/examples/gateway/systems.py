"""A service that knows nothing of keys: the gateway in front of it has asked about them."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class Systems(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer("up")
        else:
            self.answer("systems of " + unquote(self.headers.get("X-Api-Key-Subject", "nobody")))

    def answer(self, text):
        body = (text + "\n").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


# Only the gateway can reach it: whoever else could, could also say whose key it was.
ThreadingHTTPServer(("127.0.0.1", 8070), Systems).serve_forever()
