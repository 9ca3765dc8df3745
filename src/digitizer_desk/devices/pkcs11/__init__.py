# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The PKCS#11 backend: what runs in the token host, one vendor's library a process.

Apart from ``token_client.py`` because vendor libraries crash, hang and copy PINs: they live in this process alone and
are forgotten when it ends.
"""

from __future__ import annotations

from digitizer_desk.devices.pkcs11.host import serve

__all__ = ["serve"]
