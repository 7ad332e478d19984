"""A process that loaded every decoder and never reads a file: each file gets a fork of it (ADR 0012)."""

import gc
import os
import signal
import socket

from app.sandbox import child

_ORDER, _MOST = 1, 2


def main() -> None:
    """For each order on standard input, which brings two pipes: a child, whose descriptor is sent back.

    Ends with whoever asks. Children are waited for here, so that a descriptor never names another process.
    """
    child.load()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=0)
    while True:
        order, pipes, _, _ = socket.recv_fds(control, _ORDER, _MOST)
        _bury()
        if not order or len(pipes) != _MOST:
            return
        born = os.fork()
        if born == 0:
            _live(pipes)
        handle = os.pidfd_open(born)
        socket.send_fds(control, [order], [handle])
        for number in (*pipes, handle):
            os.close(number)


def _live(pipes: list[int]) -> None:
    """The child: the two pipes take the place of what it inherited, then the doors are shut."""
    try:
        for number, pipe in enumerate(pipes):
            os.dup2(pipe, number)
            os.close(pipe)
        child.serve()
    finally:
        os._exit(0)


def _bury() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return
