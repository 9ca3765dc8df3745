# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``python -m digitizer_desk``: the program; and, with ``--host`` or ``--training``, one of its child processes.

Child processes are told apart before anything heavy is imported: a device host must be ready in milliseconds.
"""

from __future__ import annotations

import sys

from digitizer_desk import memory


def main() -> int:
    """Start what the first argument names. Returns the exit code."""
    if sys.argv[1:2] == ["--host"]:
        from digitizer_desk.devices import host

        return host.run(sys.argv[2])
    if sys.argv[1:2] == ["--read-files"]:
        from digitizer_desk.imaging import apart

        memory.keep_freed()
        return apart.serve(sys.argv[2:])
    if sys.argv[1:3] == ["--training", "scanner"]:
        from digitizer_desk.training import scanner

        return scanner.serve(sys.argv[3:])
    if sys.argv[1:3] == ["--training", "province"]:
        from digitizer_desk.training import province

        return province.serve(sys.argv[3:])
    if sys.argv[1:3] == ["--training", "token"]:
        from digitizer_desk.training import token

        return token.main()
    if getattr(sys, "frozen", False):  # a reader of files begun by this very program
        from multiprocessing import freeze_support

        freeze_support()
    with memory.unswept():
        from digitizer_desk.app import main as run

    memory.keep_freed()
    return run()


if __name__ == "__main__":
    sys.exit(main())
