"""What this process may use and do, set before it reads a byte it cannot trust (S092)."""

import contextlib
import ctypes
import os
import platform
import resource
import struct

CPU_SECONDS = 10
ADDRESS_SPACE = 768 * 1024 * 1024

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_DUMPABLE = 38, 22, 4
_FILTER_MODE = 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE_EPERM = 0x7FFF0000, 0x00050001
_MOST_DESCRIPTORS = 64
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

# Reading and writing what is open, memory, time, dying: the numbers of Linux, in the order
# read write close fstat poll lseek mmap mprotect munmap brk sigaction sigprocmask sigreturn readv
# writev yield mremap madvise nanosleep getpid exit gettimeofday getrusage sigaltstack gettid futex
# affinity restart clock_gettime clock_nanosleep exit_group getrandom membarrier rseq.
_X86_64 = (
    "0 1 3 5 7 8 9 10 11 12 13 14 15 19 20 24 25 28 35 39 60 96 98 131 186 202 204 219 228 230 231 "
    "318 324 334"
)
_AARCH64 = (
    "63 64 57 80 73 62 222 226 215 214 134 135 139 65 66 124 216 233 101 172 93 169 165 132 178 98 "
    "123 128 113 115 94 278 283 293"
)
_SYSTEM_CALLS = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}


def restrain() -> None:
    """Processor time, memory, no core, no file, no process, and the first to go when memory ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def shut_doors() -> None:
    """After the imports: nothing can be opened any more, neither a file nor a socket.

    The limit on descriptors holds everywhere. Where the kernel lets us, no network is left, and no system
    call but those a decoder needs: whoever takes this process over finds no way out of it.
    """
    # Three pipes, and the source of random numbers some encrypted files are read with: no gap, no room.
    limit = 1 + max(number for number in range(_MOST_DESCRIPTORS) if _is_open(number))
    for number in range(limit):
        if not _is_open(number):
            os.dup2(2, number)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        _allow_few_system_calls(library)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _allow_few_system_calls(library: ctypes.CDLL) -> None:
    if platform.machine() not in _SYSTEM_CALLS:
        return
    architecture, allowed = _SYSTEM_CALLS[platform.machine()]
    lines = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE_EPERM)]
    lines.append((_LOAD, 0, 0, 0))
    for number in map(int, allowed.split()):
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    lines.append((_RETURN, 0, 0, _REFUSE_EPERM))
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    pointer = ctypes.create_string_buffer(
        struct.pack("@HxxxxxxQ", len(lines), ctypes.addressof(program))
    )
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        library.prctl(_PR_SET_SECCOMP, _FILTER_MODE, pointer, 0, 0)
