"""How much private memory a process has at most."""

import threading


class Memory(threading.Thread):
    """The largest private memory of a process, sampled until told to stop; maps of files are not private."""

    def __init__(self, pid):
        super().__init__()
        self.path = f"/proc/{pid}/status"
        self.peak_kib = 0
        self.stopped = threading.Event()
        self.start()

    def run(self):
        while not self.stopped.wait(0.005):
            try:
                with open(self.path) as file:
                    sizes = [int(line.split()[1]) for line in file if line.startswith(("RssAnon:", "VmSwap:"))]
            except OSError:
                return
            self.peak_kib = max(self.peak_kib, sum(sizes))

    def stop(self):
        self.stopped.set()
        self.join()
        return self.peak_kib / 1024
