"""What campaigns share: a simulator on a port it chose, fathom run in a folder, journals read."""

import json
import os
import signal
import subprocess
import tempfile
import threading


class Simulator:
    """`fathom sim` with a configuration and a history; stops when the block is left."""

    def __init__(self, fathom, folder, config):
        self.history_path = os.path.join(folder, "history.jsonl")
        config_path = os.path.join(folder, "sim.yaml")
        with open(config_path, "w") as file:
            file.write(config)
        self.process = subprocess.Popen(
            [fathom, "sim", "--port", "0", "--config", config_path, "--history", self.history_path],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise SystemExit(f"the simulator did not start: {line!r}")
        self.url = line[line.index("http://"):].split()[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def history(self):
        """Every body that came, whole or not; a line that is just being written is not there yet."""
        if not os.path.exists(self.history_path):
            return []
        with open(self.history_path) as file:
            text = file.read()
        lines = [json.loads(line) for line in text[:text.rfind("\n") + 1].split("\n") if line]
        return [line for line in lines if line["t"] == "body"]


def environment(folder, **more):
    """Nothing of the person's own: a cache and a home inside the folder."""
    clean = {name: value for name, value in os.environ.items() if "OPTIONS" in name or name in ("PATH", "FATHOM_CORPORA")}
    return {**clean, "HOME": folder, "XDG_CACHE_HOME": os.path.join(folder, "cache"), **more}


def run(fathom, folder, *words, env=None, timeout=300):
    """One command; returns its exit status, stdout and stderr."""
    done = subprocess.run([fathom, *words], cwd=folder, env=env or environment(folder), text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


def journal(folder, name):
    """The whole lines of a run's journal, and its bytes up to the last of them."""
    path = os.path.join(folder, "runs", name, "journal.jsonl")
    if not os.path.exists(path):
        return [], b""
    with open(path, "rb") as file:
        data = file.read()
    whole = data[:data.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.split(b"\n") if line], whole


def folder_for(name):
    """A fresh folder of its own, removed with the object."""
    return tempfile.TemporaryDirectory(prefix=f"fathom-{name}-")


class Tally:
    """Counts checks from several threads and tells the failed ones."""

    def __init__(self):
        self.lock = threading.Lock()
        self.failed = []
        self.passed = 0

    def check(self, right, what):
        with self.lock:
            if right:
                self.passed += 1
            else:
                self.failed.append(what)
                print(f"FAILED: {what}", flush=True)
        return right
