# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Trust anchors: certificates read from files.

Apart from verifying so that the roots that count are a value handed in, never something this room looks up.
"""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from digitizer_desk.errors import error


def load_certificates(file: Path) -> tuple[bytes, ...]:
    """All certificates (DER) of a PEM or DER file.

    Raises:
        DeskError: ``file.not_found``, ``signature.chain_incomplete`` when there is no certificate in it.
    """
    if not file.is_file():
        raise error("file.not_found", file=file.name)
    data = file.read_bytes()
    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except (ValueError, x509.InvalidVersion) as problem:
        raise error("signature.chain_incomplete", f"{file.name} holds no certificate") from problem
    return tuple(c.public_bytes(Encoding.DER) for c in found)


def load_folder(folder: Path) -> tuple[bytes, ...]:
    """All certificates of the ``*.pem``, ``*.crt`` and ``*.der`` files of a folder; a missing folder has none.

    Raises:
        DeskError: as :func:`load_certificates`.
    """
    if not folder.is_dir():
        return ()
    files = sorted(f for f in folder.iterdir() if f.suffix in (".pem", ".crt", ".der"))
    return tuple(dict.fromkeys(der for file in files for der in load_certificates(file)))
