# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""May this signer be believed: does a chain lead from the certificate to a root that counts, and is it in its time.

Apart from ``detached.py``, which asks only whether a signature fits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import PathBuildingError, PathError, ValidationError

from digitizer_desk.signing.contexts import NOT_ASKED, Anchors, context

_SIGNING = {"digital_signature", "non_repudiation"}


@dataclass(frozen=True, slots=True)
class Standing:
    """``trusted``: a chain leads to a root, and the certificate may sign. ``in_time``: it was good at the moment
    asked."""

    trusted: bool
    in_time: bool
    until: datetime


def standing(signature: bytes, *, trust: Sequence[bytes], at: datetime) -> Standing:
    """Judge the signer of a detached signature (CMS, DER) that fits. ``trust`` are roots, and what lies between (DER).

    Certificates that came with the signature may stand between; none of them is ever a root. Revocation is not asked.
    """
    certificates = extract_certs_for_validation(cms.ContentInfo.load(signature)["content"])
    signer, others = certificates.signer_cert, certificates.other_certs
    known = Anchors.of(trust)
    between = (*known.between, *(one for one in others if one.subject != one.issuer))
    begin, end = signer.not_valid_before, signer.not_valid_after
    # whether it is in its time is told apart: the chain is judged for a moment at which the certificate was good
    moment = min(max(at, begin), end)
    trusted = _may_sign(signer) and asyncio.run(_leads_to_a_root(signer, Anchors(known.roots, between), moment))
    return Standing(trusted, begin <= at <= end, end)


def _may_sign(certificate: x509.Certificate) -> bool:
    usage = certificate.key_usage_value
    return usage is None or bool(_SIGNING & set(usage.native))


async def _leads_to_a_root(certificate: x509.Certificate, anchors: Anchors, moment: datetime) -> bool:
    judged_by = context(anchors, moment, NOT_ASKED)
    try:
        await CertificateValidator(
            certificate, list(anchors.between), validation_context=judged_by
        ).async_validate_path()
    except (PathBuildingError, PathError, ValidationError):
        return False
    finally:
        await judged_by.aclose()
    return True
