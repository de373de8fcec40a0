"""Puts checksums into a recipe: checksums.py RECIPE FOLDER >OUT

Each `SHA256(FILE)` becomes the checksum of that file in the folder or in one below it.
"""

import hashlib
import re
import sys
from pathlib import Path


def filled(recipe, folder):
    """The recipe with its checksums."""

    def checksum(found):
        (path,) = list(Path(folder).rglob(found[1])) or [None]
        if path is None:
            raise SystemExit(f"there is no {found[1]} in {folder}")
        return hashlib.sha256(path.read_bytes()).hexdigest()

    return re.sub(r"SHA256\(([^)*?\[ ]+\.[^)*?\[ ]+)\)", checksum, recipe)


if __name__ == "__main__":
    sys.stdout.write(filled(Path(sys.argv[1]).read_text(), sys.argv[2]))
