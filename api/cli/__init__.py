"""The command line: a module for each command, which imports what the command needs when it runs.

The way in is `main`. Data goes to standard output, messages to standard error.
"""

from api.cli.commands import main
from api.cli.output import ExitStatus

__all__ = ["ExitStatus", "main"]
