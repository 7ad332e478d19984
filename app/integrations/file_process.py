"""Processes for files nobody vouches for: forks of one that loaded the decoders once (ADR 0012)."""

import atexit
import contextlib
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from app.sandbox import protocol

_ROOT = Path(__file__).resolve().parents[2]
# Without `site`: what an installation runs at each start is not for this process, and costs its time.
_PROGRAM = "import sys; sys.path += sys.argv[1:]; from app.sandbox.nursery import main; main()"
_PATHS = [str(_ROOT), *dict.fromkeys(path for path in sys.path if path.endswith("-packages"))]
_BIRTH_SECONDS = 10.0
_TRIES = 2
AT_ONCE = max(4, os.cpu_count() or 1)
PLACE_SECONDS = 10.0
_PIPE_BYTES = 1024 * 1024


class Failed(Exception):
    """No answer: it died, was too slow, or said what this protocol does not know."""


class FileProcess:
    """One process, for one file."""

    def __init__(
        self, into: int, out: int, handle: int, places: threading.BoundedSemaphore
    ) -> None:
        self._into, self._out, self._places = into, out, places
        self.handle = handle

    def ask(self, job: dict[str, Any], content: bytes, *, seconds: float) -> protocol.Message:
        """Raises Failed."""
        try:
            return protocol.unpack(self.exchange(protocol.pack(job, [content]), seconds))
        except (OSError, ValueError, struct.error):
            raise Failed from None

    def exchange(self, message: bytes, seconds: float) -> bytes:
        """Write all, read all, within the time: never more in memory than an answer may hold."""
        os.set_blocking(self._into, False)
        os.set_blocking(self._out, False)
        waiting = select.poll()
        waiting.register(self._into, select.POLLOUT)
        waiting.register(self._out, select.POLLIN)
        until = time.monotonic() + seconds
        left, answer = memoryview(message), bytearray()
        while True:
            remaining = until - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            for descriptor, _ in waiting.poll(remaining * 1000):
                if descriptor == self._into:
                    left = left[os.write(self._into, left[: 1 << 20]) :]
                    if not left:
                        waiting.unregister(self._into)
                    continue
                part = os.read(self._out, 1 << 20)
                if not part:
                    return bytes(answer)
                answer += part
                if len(answer) > protocol.MAX_ANSWER:
                    raise ValueError("more than an answer")

    def end(self) -> None:
        """Whatever it is doing; the handle cannot name any other process."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        for descriptor in (self._into, self._out, self.handle):
            os.close(descriptor)
        self._places.release()


class Nursery:
    """The process that forks. Started at first need, and again when it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Each may take 768 MB: a few at once, whoever asks.
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def get_ready(self) -> None:
        """Let it load while something else is waited for."""
        with self._lock:
            self._ensure()

    def bear(self) -> FileProcess:
        """A process for one file, once there is a place for it. Raises Failed."""
        if not self._places.acquire(timeout=PLACE_SECONDS):
            raise Failed
        try:
            return FileProcess(*self._forked(), self._places)
        except BaseException:
            self._places.release()
            raise

    def end(self) -> None:
        with self._lock:
            self._end()

    def _forked(self) -> tuple[int, int, int]:
        with self._lock:
            for _ in range(_TRIES):
                control = self._ensure()
                try:
                    return _born(control)
                except OSError:
                    self._end()
        raise Failed

    def _ensure(self) -> socket.socket:
        if self._owner != os.getpid():
            # Inherited by a fork of ours: it belongs to the process that started it.
            self._process = self._control = None
        if self._control is not None and self._process is not None:
            if self._process.poll() is None:
                return self._control
            self._end()
        ours, theirs = socket.socketpair()
        ours.settimeout(_BIRTH_SECONDS)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, with nothing of ours in it
                [sys.executable, "-I", "-S", "-c", _PROGRAM, *_PATHS],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                close_fds=True,
                cwd="/",
            )
        self._control, self._owner = ours, os.getpid()
        return ours

    def _end(self) -> None:
        if self._owner != os.getpid():
            return
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None


def _born(control: socket.socket) -> tuple[int, int, int]:
    """Where to write, where to read, and the handle of a new process."""
    their_in, our_in = os.pipe()
    our_out, their_out = os.pipe()
    for pipe in (our_in, our_out):
        # A file passes in a few turns of the two processes, instead of eighty.
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    try:
        socket.send_fds(control, [b"f"], [their_in, their_out])
        answer, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not answer or not handles:
            raise BrokenPipeError
    except OSError:
        os.close(our_in)
        os.close(our_out)
        raise
    finally:
        os.close(their_in)
        os.close(their_out)
    os.set_inheritable(handles[0], False)
    return our_in, our_out, handles[0]


nursery = Nursery()
atexit.register(nursery.end)
