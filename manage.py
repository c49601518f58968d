#!/usr/bin/env python
"""The command line of Conflict Chronology."""

import errno
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conflict.settings")
    try:
        run()
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell expects of a program ended by Ctrl-C
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit(f"Error: there is no space left on the disk for {error.filename or 'what was to be written'}.")


def run() -> None:
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db.utils import OperationalError
    except ImportError as missing:
        sys.exit(f"{missing}. `make run` installs what is needed, then use .venv/bin/python.")
    try:
        # Read first, so that a wrong setting is said before Django looks for the command.
        from django.conf import settings

        settings.configured or settings.DEBUG  # noqa: B018
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        sys.exit("\n".join(f"Error: {line}" for line in str(wrong).splitlines()))
    except OperationalError as refused:
        sys.exit(f"Error: the database cannot be used: {' '.join(str(refused).split())}")


if __name__ == "__main__":
    main()
