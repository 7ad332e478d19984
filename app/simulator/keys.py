"""The key the simulator signs with: made once for each data folder."""

import json
import os
from pathlib import Path

from joserfc.jwk import RSAKey

BITS = 2_048
FILE = "simulateur-psc.jwk"


def load_key(folder: Path) -> RSAKey:
    """The key of a data folder, made on first use and readable by its owner only."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = RSAKey.generate_key(BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        draft = path.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(key.as_dict(private=True), file)
        draft.replace(path)
    return RSAKey.import_key(json.loads(path.read_text(encoding="ascii")))
