# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""By which roots, at which moment and with which proofs a certificate is judged.

Apart because signing, upgrading and verifying must ask alike: proofs collected by one rule and judged by another
would look complete and not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.api import OwnedFetcherBackend
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from digitizer_desk.signing.fetching import PatientBackend

#: whatever can be known of the signer's revocation; of authorities above, what they declare
ASK = RevocationCheckingPolicy(
    RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
)
#: everything the certificates declare must be there
NEED = RevocationCheckingPolicy(RevocationCheckingRule.CHECK_IF_DECLARED, RevocationCheckingRule.CHECK_IF_DECLARED)
NOT_ASKED = NO_REVOCATION

#: seconds one question to an OCSP responder or for a list may take when nobody said otherwise
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Anchors:
    """Certificates that are trusted, and those between: a file signed by an official tool may carry the signer's own
    certificate only, so what lies between must come from the configured list."""

    roots: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...]

    @classmethod
    def of(cls, trust: Sequence[bytes]) -> Anchors:
        """From DER or PEM. One whose issuer is in the list too lies between; the others are what is trusted."""
        all_of_them = tuple(_certificate(one) for one in trust)
        names = {one.subject.hashable for one in all_of_them}
        between = tuple(one for one in all_of_them if not _self_issued(one) and one.issuer.hashable in names)
        return cls(tuple(one for one in all_of_them if one not in between), between)


def context(
    anchors: Anchors,
    moment: datetime,
    policy: RevocationCheckingPolicy,
    *,
    fetch: bool = False,
    store: Any = None,
    patience: float = PATIENCE,
) -> Any:
    """A pyHanko validation context. ``store`` is the file's evidence store; ``patience`` seconds for one question.

    Whoever makes it closes it (``await context.aclose()``).
    """
    settings: dict[str, Any] = {
        "trust_roots": list(anchors.roots),
        "other_certs": list(anchors.between),
        "moment": moment,
        "allow_fetching": fetch,
        "revinfo_policy": CertRevTrustPolicy(policy, retroactive_revinfo=True),
    }
    if fetch:
        settings["fetcher_backend"] = OwnedFetcherBackend(PatientBackend(patience))
    if store is not None:
        return store.as_validation_context(settings)
    return ValidationContext(**settings, crls=(), ocsps=())


def _certificate(data: bytes) -> x509.Certificate:
    if pem.detect(data):
        data = pem.unarmor(data)[2]
    return x509.Certificate.load(data)


def _self_issued(certificate: x509.Certificate) -> bool:
    return bool(certificate.subject == certificate.issuer)
