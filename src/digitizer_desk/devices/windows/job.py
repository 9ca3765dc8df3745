# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A Windows job: a host and all that its driver starts, ended together; the one way there that needs no other program.

Apart because it is the only place that calls kernel32. ``Popen.kill`` ends one process and leaves a driver's children
(scan servers, progress windows) holding the scanner; ``taskkill /T`` looks for them by parent, and loses those whose
parent has gone. A job keeps them all, ends them in one call, and ends them too when the desk itself dies.
"""

from __future__ import annotations

import ctypes as ct
import sys
from typing import Any

_EXTENDED_LIMITS = 9
_DIE_ON_UNHANDLED_EXCEPTION = 0x0400  # a crash ends the process: no window "has stopped working" to wait for a click
_KILL_ON_JOB_CLOSE = 0x2000
_MAY_BE_PUT_IN_A_JOB = 0x0100 | 0x0001  # PROCESS_SET_QUOTA, PROCESS_TERMINATE


class _Limits(ct.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, of which only the flags are used."""

    _fields_ = (
        ("times", ct.c_int64 * 2),
        ("flags", ct.c_uint32),
        ("working_set", ct.c_size_t * 2),
        ("active_processes", ct.c_uint32),
        ("affinity", ct.c_size_t),
        ("priority", ct.c_uint32),
        ("scheduling", ct.c_uint32),
        ("io", ct.c_uint64 * 6),
        ("memory", ct.c_size_t * 4),
    )


class Job:
    """Holds one host from its start. The host starts no driver before it is asked to, so nothing escapes the job."""

    def __init__(self, pid: int) -> None:
        """Put the process into a new job.

        Raises:
            OSError: Windows refuses.
        """
        self._kernel = _kernel32()
        self._job = self._checked(self._kernel.CreateJobObjectW(None, None))
        process = None
        try:
            self._limit(_KILL_ON_JOB_CLOSE | _DIE_ON_UNHANDLED_EXCEPTION)
            process = self._checked(self._kernel.OpenProcess(_MAY_BE_PUT_IN_A_JOB, False, pid))
            self._checked(self._kernel.AssignProcessToJobObject(self._job, process))
        except OSError:
            self._kernel.CloseHandle(self._job)
            raise
        finally:
            if process:
                self._kernel.CloseHandle(process)

    def end(self) -> None:
        """End everything in the job at once."""
        if self._job:
            self._kernel.TerminateJobObject(self._job, 1)

    def let_go(self) -> None:
        """Close the job and let live what is left in it: after a polite end that is a maker's own service. Safe to call
        twice."""
        if self._job:
            self._limit(_DIE_ON_UNHANDLED_EXCEPTION)
            self._kernel.CloseHandle(self._job)
            self._job = None

    def _limit(self, flags: int) -> None:
        limits = _Limits(flags=flags)
        done = self._kernel.SetInformationJobObject(self._job, _EXTENDED_LIMITS, ct.byref(limits), ct.sizeof(limits))
        self._checked(done)

    @staticmethod
    def _checked(answer: Any) -> Any:
        if not answer:
            raise OSError("Windows refuses a job for a host")
        return answer


def job_of(pid: int) -> Job | None:
    """A job with this process in it; None where there are none, or a machine's policy allows no more of them: then a
    host alone can be ended, not what its driver started."""
    if sys.platform == "win32":
        try:
            return Job(pid)
        except OSError:
            return None
    return None


def _kernel32() -> Any:
    if sys.platform == "win32":
        kernel = ct.WinDLL("kernel32")
        handle, number = ct.c_void_p, ct.c_uint32
        kernel.CreateJobObjectW.restype = handle
        kernel.CreateJobObjectW.argtypes = (handle, ct.c_wchar_p)
        kernel.OpenProcess.restype = handle
        kernel.OpenProcess.argtypes = (number, ct.c_int, number)
        kernel.SetInformationJobObject.argtypes = (handle, ct.c_int, handle, number)
        kernel.AssignProcessToJobObject.argtypes = (handle, handle)
        kernel.TerminateJobObject.argtypes = (handle, ct.c_uint)
        kernel.CloseHandle.argtypes = (handle,)
        return kernel
    raise OSError("jobs exist on Windows only")
