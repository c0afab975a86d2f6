#!/usr/bin/env python3
"""A server of OpenAI's protocol with faults, for tests on loopback. It prints its ports (HTTP, HTTPS), and ends when its
standard input does.

    server.py CERTIFICATE

The URL says what it does, so that tests that run at once share one server:

    POST /NAME/SCRIPT/v1/chat/completions     POST /NAME/SCRIPT/v1/embeddings
    GET  /NAME                                what was asked under that name, as JSON
    GET  /NAME/await.NUMBER                   the same, once there were so many requests
    GET  /NAME/open                           the same, after the behaviour "gate" was let through

SCRIPT is a list of behaviours, "429.2,cut,right": the first for the first request of that name, and so on; the last
for all further ones. "each:429,right" counts the requests of each question by itself. A behaviour is the name of a
function of `Behaviours`, and after a dot its argument. A question is what stands in "user", or else the last message
(of embeddings: the texts).
"""

import collections
import email.utils
import gzip
import http.server
import json
import os
import socket
import ssl
import sys
import threading
import time
import zlib

DIGITS = [("4", -0.2), (" 5", -1.9), ("3", -4.0)]


class Book:
    """What was asked under one name."""

    def __init__(self):
        self.lock = threading.Condition()
        self.is_open = False
        self.asked = collections.Counter()
        self.paid = collections.Counter()
        self.request_count = 0
        self.under_way = 0
        self.most_under_way = 0
        self.connections = set()
        self.headers = {}
        self.query = ""
        self.bodies = []

    def as_json(self):
        with self.lock:
            return json.dumps({
                "requests": self.request_count, "asked": self.asked, "paid": self.paid, "most": self.most_under_way,
                "connections": len(self.connections), "headers": self.headers,
                "query": self.query, "bodies": self.bodies})


BOOKS = collections.defaultdict(Book)


def chat(question, logprobs=DIGITS, text="4", finish_reason="stop"):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
    if logprobs is not None:
        tokens = [{"token": token, "logprob": value, "bytes": list(token.encode())} for token, value in logprobs]
        choice["logprobs"] = {"content": [dict(tokens[0], top_logprobs=tokens)]}
    return {
        "id": f"answer to {question}", "object": "chat.completion", "created": 0, "model": "faulty",
        "choices": [choice], "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11}}


def vectors(texts):
    data = [{"object": "embedding", "index": i, "embedding": [len(text), 0.5, -2.0]} for i, text in enumerate(texts)]
    return {"object": "list", "data": data, "model": "faulty", "usage": {"prompt_tokens": 3 * len(texts)}}


class Behaviours:
    """What may come of a request; each answers by itself. `self.request` is the handler."""

    def __init__(self, request, book, body):
        self.request, self.book, self.body = request, book, body
        self.texts = body.get("input") if "input" in body else None
        self.question = body.get("user") or "".join(message["content"] for message in body.get("messages", [])[-1:])

    def right_answer(self):
        return vectors(self.texts) if self.texts is not None else chat(self.question)

    def pay(self):
        with self.book.lock:
            for question in self.texts if self.texts is not None else [self.question]:
                self.book.paid[question] += 1

    def answer(self, document, **headers):
        self.pay()
        self.request.send(200, json.dumps(document).encode(), headers)

    def complain(self, status, message="no", code=None, **headers):
        document = {"error": {"message": message, "type": "some_error", "code": code}}
        self.request.send(status, json.dumps(document).encode(), headers)

    def right(self, _):
        self.answer(self.right_answer())

    def wordy(self, length):
        """An answer of so many characters."""
        self.answer(chat(self.question, text="x" * int(length)))

    def gate(self, _):
        """Waits until it is opened."""
        with self.book.lock:
            self.book.lock.wait_for(lambda: self.book.is_open, 60)
        self.answer(self.right_answer())

    def prefer(self, argument):
        """prefer.good.bad: says A where the first word stands before the second, and B elsewhere."""
        better, _, worse = argument.partition(".")
        is_first = self.question.rfind(better) < self.question.rfind(worse)
        tokens = [("A", -0.1), ("B", -2.4)] if is_first else [("B", -0.1), ("A", -2.4)]
        self.answer(chat(self.question, tokens, tokens[0][0]))

    def places(self, _):
        """Says A to whatever."""
        self.answer(chat(self.question, [("A", -0.1), ("B", -2.4)], "A"))

    def short(self, length):
        """Refuses messages that are longer than that."""
        if len(self.question) > int(length):
            return self.complain(400, "This model's maximum context length is 9 tokens", "context_length_exceeded")
        self.right(None)

    def keyed(self, key):
        if self.request.headers.get("Authorization") != "Bearer " + key:
            return self.complain(401, "Incorrect API key provided")
        self.right(None)

    def slowly(self, milliseconds):
        """In pieces, so many milliseconds apart."""
        self.pay()
        data = json.dumps(self.right_answer()).encode()
        self.request.begin(200, {"Content-Length": len(data)})
        for start in range(0, len(data), len(data) // 8):
            self.request.wfile.write(data[start:start + len(data) // 8])
            self.request.wfile.flush()
            time.sleep(int(milliseconds) / 1000)

    def busy(self, limit):
        """Refuses where more than so many are under way, each of which takes some time."""
        with self.book.lock:
            is_too_much = self.book.under_way > int(limit)
        if is_too_much:
            return self.complain(429, "slow down")
        time.sleep(0.003)
        self.answer(self.right_answer())

    def status(self, argument):
        """status.500, or with a message: status.400.no such parameter"""
        status, _, message = argument.partition(".")
        self.complain(int(status), message or "no")

    def code(self, argument):
        """code.400.context_length_exceeded"""
        status, _, code = argument.partition(".")
        self.complain(int(status), "something about it", code)

    def pause(self, argument):
        """pause.429.2: a status with Retry-After in seconds."""
        status, _, seconds = argument.partition(".")
        self.complain(int(status), "slow down", **{"Retry-After": seconds})

    def date(self, seconds):
        """429 with Retry-After as a date, of a server whose clock is ten years ahead."""
        now = time.time() + 315_360_000
        self.complain(429, "slow down", **{
            "Date": email.utils.formatdate(now, usegmt=True),
            "Retry-After": email.utils.formatdate(now + int(seconds), usegmt=True)})

    def cut(self, _):
        """Closes the connection in the middle of the body."""
        data = json.dumps(self.right_answer()).encode()
        self.request.begin(200, {"Content-Length": len(data)})
        self.request.wfile.write(data[:len(data) // 2])
        self.request.hang_up()

    def cutchunk(self, _):
        self.request.begin(200, {"Transfer-Encoding": "chunked"})
        self.request.wfile.write(b"20\r\n{\"choices\": [")
        self.request.hang_up()

    def hangup(self, _):
        """Closes the connection without a word."""
        self.request.hang_up()

    def nonsense(self, _):
        self.request.wfile.write(b"220 mail.example ESMTP\r\n")
        self.request.hang_up()

    def chunked(self, _):
        self.pay()
        data = json.dumps(self.right_answer()).encode()
        self.request.begin(200, {"Transfer-Encoding": "chunked"})
        for start in range(0, len(data), 17):
            piece = data[start:start + 17]
            self.request.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.request.wfile.write(b"0\r\n\r\n")

    def gzip(self, _):
        self.pay()
        assert "gzip" in self.request.headers.get("Accept-Encoding", "")
        data = gzip.compress(json.dumps(self.right_answer()).encode())
        self.request.send(200, data, {"Content-Encoding": "gzip"})

    def invalid(self, _):
        self.pay()
        self.request.send(200, b'{"choices": [{"message": {"content": "4"')

    def page(self, status):
        self.request.send(int(status), b"<html><title>Welcome</title>Log in first</html>", {"Content-Type": "text/html"})

    def counts(self, _):
        """One vector too few; no message at all."""
        self.answer(vectors(self.texts[1:]) if self.texts is not None else dict(chat(self.question), choices=[]))

    def nan(self, _):
        self.answer(
            dict(vectors(self.texts), data=[{"index": 0, "embedding": [float("nan"), 0, 0]}])
            if self.texts is not None else chat(self.question, [("4", float("nan"))]))

    def plain(self, _):
        """No log probabilities."""
        self.answer(chat(self.question, None))

    def bytes(self, _):
        """Tokens whose texts are no whole characters: their bytes count."""
        document = chat(self.question)
        first = document["choices"][0]["logprobs"]["content"][0]
        for token in [first, *first["top_logprobs"]]:
            token["token"] = "\ufffd"
        self.answer(document)

    def redirect(self, _):
        self.request.send(307, b"", {"Location": f"/{self.request.name}/right/v1/chat/completions"})

    def huge(self, _):
        """A gigabyte, as it says itself."""
        self.pay()
        self.request.begin(200, {"Content-Length": 1 << 30})
        self.pour(b" " * 65536, 1 << 14)

    def hugechunks(self, _):
        self.pay()
        self.request.begin(200, {"Transfer-Encoding": "chunked"})
        self.pour(b"100000\r\n" + b" " * (1 << 20) + b"\r\n", 1 << 10)

    def bomb(self, _):
        """A gigabyte in a megabyte."""
        self.pay()
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1 << 10)) + packer.flush()
        self.request.begin(200, {"Content-Length": len(data), "Content-Encoding": "gzip"})
        self.request.wfile.write(data)

    def hugeerror(self, _):
        self.request.begin(500, {"Content-Length": 1 << 30})
        self.pour(b"x" * 65536, 1 << 14)

    def pour(self, piece, count):
        try:
            for _ in range(count):
                self.request.wfile.write(piece)
        except OSError:
            pass
        self.request.hang_up()

    def never(self, _):
        """Says nothing until the client goes."""
        self.request.connection.settimeout(30)
        try:
            while self.request.connection.recv(1):
                pass
        except OSError:
            pass
        self.request.hang_up()

    def echo(self, status):
        """Repeats the key, as some do."""
        self.complain(int(status), "no such key: " + self.request.headers.get("Authorization", "none"))

    def parrot(self, _):
        """Answers with what isn't an answer, and the key."""
        self.pay()
        self.request.send(200, ("x" * 480 + self.request.headers.get("Authorization", "none") * 3).encode())

    def long(self, length):
        """Refuses texts that are longer than that."""
        if any(len(text) > int(length) for text in self.texts):
            return self.complain(400, "This model's maximum context length is 9 tokens")
        self.right(None)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: two would wait for each other.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def begin(self, status, headers):
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            if name != "Date":
                self.send_header(name, str(value))
        self.end_headers()

    def date_time_string(self, timestamp=None):
        return self.date or super().date_time_string(timestamp)

    def send(self, status, data, headers={}):
        self.date = headers.get("Date")
        self.begin(status, {"Content-Length": len(data), **headers})
        self.wfile.write(data)

    def hang_up(self):
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def do_GET(self):
        self.date = None
        name, _, wish = self.path.strip("/").partition("/")
        book = BOOKS[name]
        with book.lock:
            if wish.startswith("await."):
                book.lock.wait_for(lambda: book.request_count >= int(wish.removeprefix("await.")), 60)
            elif wish == "open":
                book.is_open = True
                book.lock.notify_all()
        self.send(200, book.as_json().encode())

    def do_POST(self):
        self.date = None
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path, _, query = self.path.partition("?")
        _, self.name, script, *_ = path.split("/")
        book = BOOKS[self.name]
        behaviours = Behaviours(self, book, body)
        is_each = script.startswith("each:")
        steps = script.removeprefix("each:").replace("%20", " ").split(",")
        with book.lock:
            number = book.asked[behaviours.question] if is_each else book.request_count
            book.request_count += 1
            book.lock.notify_all()
            for question in behaviours.texts if behaviours.texts is not None else [behaviours.question]:
                book.asked[question] += 1
            book.under_way += 1
            book.most_under_way = max(book.most_under_way, book.under_way)
            book.connections.add(self.client_address)
            book.headers = {name.lower(): value for name, value in self.headers.items()}
            book.query = query
            book.bodies.append(len(body.get("input", [])))
        name, _, argument = steps[min(number, len(steps) - 1)].partition(".")
        try:
            getattr(behaviours, name)(argument)
            self.wfile.flush()
        finally:
            with book.lock:
                book.under_way -= 1

    def do_CONNECT(self):
        """A proxy, which leads everywhere to this server itself; to locked.example for somebody with a password."""
        self.date = None
        host = self.path.rpartition(":")[0]
        with BOOKS[host].lock:
            BOOKS[host].request_count += 1
        if host == "locked.example" and self.headers.get("Proxy-Authorization") != "Basic YWRhOnRvcCBzZWNyZXQ=":
            self.send(407, b"", {"Proxy-Authenticate": "Basic"})
            return
        with socket.create_connection(self.server.server_address) as other:
            self.send_response_only(200)
            self.end_headers()
            self.wfile.flush()
            back = threading.Thread(target=pump, args=(other, self.connection), daemon=True)
            back.start()
            pump(self.connection, other)
            back.join()
        self.close_connection = True


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """Clients that go are what is tested."""


def main():
    plain, secure = (Server(("127.0.0.1", 0), Handler) for _ in range(2))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
    for server in (plain, secure):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(plain.server_port, secure.server_port, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
