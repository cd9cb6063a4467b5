"""Programs that a duel starts: they end with this process; and waiting for what does not depend on what is measured."""

import http.client
import json
import subprocess
import time
from pathlib import Path

KEY = "pxs_local_" + "1" * 64


class Program:
    """A running program of ours, or Redis."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        """Starts it; it ends with this process."""
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "--", *command], env=env, stdout=out,
                                            stderr=out, stdin=subprocess.DEVNULL)
        self.pid = self.process.pid

    def stop(self) -> None:
        """Lets it end in order."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends it at once."""
        self.process.kill()
        self.process.wait()

    def memory(self, name: str = "VmRSS") -> float:
        """Resident memory in MB now, or with VmHWM the most ever."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


class Server(Program):
    """A program that answers HTTP."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path, port: int, path: str) -> None:
        """Starts it and waits until it answers."""
        super().__init__(command, env, log)
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        until(lambda: self.is_ready(path), f"{command[0]} is ready", self)

    def is_ready(self, path: str) -> bool:
        """Whether it answers with 200."""
        try:
            return self.ask("GET", path)[0] == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"x-api-key": KEY, "content-type": "application/json"} | (headers or {})
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content

    def sign_in(self, email: str, password: str) -> str:
        """The cookies of a new session of a person, as a browser sends them. The first of them is valid for 15 minutes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"email": email, "password": password})
        connection.request("POST", "/v2/auth/login", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status not in (200, 201):
            message = f"sign-in is answered with {answer.status}: {content[:500]!r}"
            raise RuntimeError(message)
        cookies = answer.headers.get_all("set-cookie") or []
        return "; ".join(cookie.split(";", 1)[0] for cookie in cookies)

    def json(self, path: str) -> dict:
        """The answer of a GET that must succeed."""
        status, content = self.ask("GET", path)
        if status != 200:
            message = f"GET {path} is answered with {status}: {content[:500]!r}"
            raise RuntimeError(message)
        return json.loads(content)


def until(is_so: object, what: str, program: Program | None = None, seconds: float = 120, pause: float = 0.02) -> None:
    """Waits for something that does not depend on what is measured. A longer pause costs what is measured less."""
    deadline = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        ended = program is not None and program.process.poll() is not None
        if ended or time.monotonic() > deadline:
            said = program.log.read_text(errors="replace")[-2000:] if program else ""
            message = f"not so: {what}. {said}"
            raise RuntimeError(message)
        time.sleep(pause)
