"""A Spark cluster of its own on loopback: a master and workers, each a process. Needs PySpark and Java 17.

`python tests/spark/local_cluster.py` starts one, prints its address and runs until Ctrl-C.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_START_SECONDS = 180.0
_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"


class LocalCluster:
    """A standalone master and its workers, one core each."""

    def __init__(self, workers: int = 2, memory: str = "1g") -> None:
        """Remember what to start; nothing runs yet."""
        self._count = workers
        self._memory = memory
        self._folder = Path(tempfile.mkdtemp(prefix="spark-cluster-"))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._port = _free_port()
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def master(self) -> str:
        """The address for `spark.master`."""
        return f"spark://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        try:
            ui = str(_free_port())
            self._start("master", _MASTER, "--host", "127.0.0.1", "--port", str(self._port), "--webui-port", ui)
            self._wait_for("master", "New state: ALIVE")
            names = [f"worker-{number}" for number in range(self._count)]
            self.workers = [self._start_worker(name) for name in names]
            for name in names:
                self._wait_for(name, "Successfully registered with master")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start_worker(self, name: str) -> subprocess.Popen[bytes]:
        return self._start(
            name, _WORKER, "--host", "127.0.0.1", "--cores", "1", "--memory", self._memory, "--webui-port",
            str(_free_port()), "--work-dir", str(self._folder / name), self.master,
        )  # fmt: skip

    def lose_worker(self) -> None:
        """Kill one worker with all that it runs, as when a machine loses its power."""
        _kill(self.workers.pop())

    def close(self) -> None:
        """Stop everything and remove its folder."""
        for process in reversed(self._processes):
            _kill(process)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        import pyspark

        home = Path(pyspark.__file__).parent
        places = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_PUBLIC_DNS": "127.0.0.1"}
        environment = {**os.environ, **places, "PYSPARK_PYTHON": sys.executable,
                       "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false"}  # fmt: skip
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [str(home / "bin" / "spark-class"), *command],
                stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True,
            )  # fmt: skip
        self._processes.append(process)
        return process

    def _wait_for(self, name: str, words: str) -> None:
        log = self._folder / f"{name}.log"
        end = time.monotonic() + _START_SECONDS
        while words not in log.read_text(encoding="utf-8", errors="replace"):
            if self._processes[-1].poll() is not None or time.monotonic() > end:
                raise RuntimeError(
                    f"{name} did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
                )
            time.sleep(0.1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and every process that it started: a worker's executors are in its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    with LocalCluster() as cluster:
        print(f"{cluster.master}  (Ctrl-C to stop)", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("stopped")
