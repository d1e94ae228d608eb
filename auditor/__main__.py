"""
The way in: ``auditor`` and ``python -m auditor``.

The version is told before anything is imported: it is asked for by scripts, often, and needs nothing.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from auditor import __version__


def main() -> int:
    """Run the command line of this process."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Where this fails, the long way fails as well, and knows how to say so.
        with suppress(OSError, AttributeError):
            sys.stdout.write(f"auditor {__version__}\n")
            sys.stdout.flush()
            return 0
    from auditor.cli.main import run  # noqa: PLC0415 - see the module docstring

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
