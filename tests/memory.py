"""Where throw-away databases are kept: in memory where there is enough of it, since each test makes one."""

import os
import shutil
from pathlib import Path

_ENOUGH = 1024**3


def fast_folder() -> str | None:
    """A folder to make temporary folders in; None for the system's usual one."""
    memory = Path("/dev/shm")  # noqa: S108 - what is made in it is ours alone
    is_usable = memory.is_dir() and os.access(memory, os.W_OK)
    return str(memory) if is_usable and shutil.disk_usage(memory).free > _ENOUGH else None
