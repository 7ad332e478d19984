"""Write the lock files from pyproject.toml: exact versions and hashes, for every supported Python.

    .venv/bin/python requirements/lock.py [--upgrade]

They name no registry and no path: whoever installs takes the files from where their pip is set to.
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sysconfig.get_path("scripts")) / "uv"
LOCKS = {
    # Running the product builds its pages, so the build group belongs to both.
    "run": ["--group=build"],
    "dev": ["--group=build", "--group=dev", "--constraints=requirements/run.txt"],
}


def main() -> None:
    """Solve both locks; the second never departs from the first."""
    for name, options in LOCKS.items():
        subprocess.run(
            [
                *(UV, "pip", "compile", "pyproject.toml", "--quiet", "--universal"),
                *("--python-version=3.11", "--generate-hashes", "--no-emit-index-url"),
                *("--custom-compile-command=make lock", f"--output-file=requirements/{name}.txt"),
                *options,
                *sys.argv[1:],
            ],
            cwd=ROOT,
            check=True,
        )


if __name__ == "__main__":
    main()
