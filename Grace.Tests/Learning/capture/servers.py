"""What the captured tools talk to: a PostgreSQL server and an HTTP server, in a folder of their own."""
import http.server, json, os, shutil, ssl, subprocess, threading, time

REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        parts = self.path.strip("/").split("/")
        if parts[0] == "slow":
            return time.sleep(4)
        if parts[0] == "loop":
            self.send_response(302)
            self.send_header("Location", self.path)
            return self.end_headers()
        status = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 200 if parts[0] == "ok" else 404
        reason = REASONS.get(status, "OK")
        bodies = {
            "json": {"status": status, "error": reason, "path": self.path},
            "problem": {"type": "about:blank", "title": reason, "status": status, "traceId": os.urandom(8).hex()},
            "code": {"error": {"code": status, "message": reason}, "request_id": os.urandom(4).hex()},
            "spring": {"timestamp": time.time(), "statusCode": status, "message": f"{self.path}: {reason}"},
        }
        body = json.dumps(bodies[parts[0]]) if parts[0] in bodies else f"<html><h1>{status} {reason}</h1></html>"
        self.send_response(status, reason)
        self.send_header("Content-Type", "application/json" if parts[0] in bodies else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body.encode())

    do_POST = do_PUT = do_HEAD = do_GET

    def log_message(self, *_):
        pass


class Servers:
    PORT, WEB, TLS = 45999, 45998, 45997

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        data, socket = f"{self.folder}/pg", "/tmp"
        os.chmod(self.folder, 0o777)
        self.postgres(f"initdb -D {data} -U postgres -A trust --locale=C.UTF-8")
        self.postgres(f"pg_ctl -w -D {data} -l {data}/log -o '-p {self.PORT} -k {socket} -c listen_addresses=127.0.0.1 -c fsync=off' start")
        with open(f"{data}/pg_hba.conf", "w", encoding="utf-8") as rules:
            rules.write("host all keeper 127.0.0.1/32 scram-sha-256\nhost all guest 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 trust\nlocal all all trust\n")
        self.postgres(f"pg_ctl -D {data} reload")
        subprocess.run(["psql", "-q", "-h", "127.0.0.1", "-p", str(self.PORT), "-U", "postgres", "-c", "create role keeper login password 'right'; create role guest login; create role plain login"], check=True)
        self.web = [http.server.ThreadingHTTPServer(("127.0.0.1", port), Answers) for port in (self.WEB, self.TLS)]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{self.folder}/key.pem", "-out", f"{self.folder}/cert.pem", "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.folder}/cert.pem", f"{self.folder}/key.pem")
        self.web[1].socket = context.wrap_socket(self.web[1].socket, server_side=True)
        for server in self.web:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return {
            "CAPTURE": self.folder, "TOOLS": os.environ.get("TOOLS", "/usr/lib"), "WEB": f"http://127.0.0.1:{self.WEB}", "TLS": f"https://localhost:{self.TLS}",
            "PG": f"host=127.0.0.1 port={self.PORT} user=postgres", "PGPORT_": str(self.PORT), "NO_COLOR": "1", "npm_config_update_notifier": "false",
            "npm_config_fetch_retries": "0", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": "/dev/null", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", "DOTNET_NOLOGO": "1",
            "GIT_AUTHOR_NAME": "Eve", "GIT_AUTHOR_EMAIL": "eve@example.org", "GIT_COMMITTER_NAME": "Eve", "GIT_COMMITTER_EMAIL": "eve@example.org",
        }

    def __exit__(self, *_):
        for server in self.web:
            server.shutdown()
        self.postgres(f"pg_ctl -m immediate -D {self.folder}/pg stop")

    def postgres(self, command):
        """As a user that the server agrees to be run by."""
        binaries = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip() or "/usr/lib/postgresql/15/bin"
        line = f"PATH={binaries}:$PATH {command} >/dev/null 2>&1"
        subprocess.run(["su", "-s", "/bin/bash", "postgres", "-c", line] if os.getuid() == 0 and shutil.which("su") else ["bash", "-c", line], check=True)
