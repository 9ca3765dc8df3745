# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Questions to OCSP responders and for revocation lists, where silence is an answer like any other failure.

Apart because pyHanko's clients let a time-out through as no failure of theirs: one silent responder would end the whole
check, and the revocation list beside it would never be asked for.
"""

from __future__ import annotations

from typing import Any

from pyhanko_certvalidator.errors import CertificateFetchError, CRLFetchError, OCSPFetchError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.aiohttp_fetchers.cert_fetch_client import AIOHttpCertificateFetcher
from pyhanko_certvalidator.fetchers.aiohttp_fetchers.crl_client import AIOHttpCRLFetcher
from pyhanko_certvalidator.fetchers.aiohttp_fetchers.ocsp_client import AIOHttpOCSPFetcher
from pyhanko_certvalidator.fetchers.api import Fetchers
from pyhanko_certvalidator.fetchers.common_utils import FetchBudget


class PatientBackend(AIOHttpFetcherBackend):  # type: ignore[misc]
    """Makes the clients; ``patience`` seconds for each question."""

    def __init__(self, patience: float) -> None:
        super().__init__(per_request_timeout=patience)

    def get_fetchers(self) -> Fetchers:
        """Clients on one budget."""
        shared = {"per_request_timeout": self.per_request_timeout, "budget": FetchBudget(self.limits)}
        return Fetchers(
            ocsp_fetcher=_Ocsp(self.session, **shared),
            crl_fetcher=_Lists(self.session, **shared),
            cert_fetcher=_Certificates(self.session, **shared),
        )


class _Ocsp(AIOHttpOCSPFetcher):  # type: ignore[misc]
    async def fetch(self, *asked: Any, **how: Any) -> Any:
        try:
            return await super().fetch(*asked, **how)
        except TimeoutError as silence:
            raise OCSPFetchError("no answer in time") from silence


class _Lists(AIOHttpCRLFetcher):  # type: ignore[misc]
    async def fetch(self, *asked: Any, **how: Any) -> Any:
        try:
            return await super().fetch(*asked, **how)
        except TimeoutError as silence:
            raise CRLFetchError("no answer in time") from silence


class _Certificates(AIOHttpCertificateFetcher):  # type: ignore[misc]
    async def fetch_certs(self, *asked: Any) -> Any:
        try:
            return await super().fetch_certs(*asked)
        except TimeoutError as silence:
            raise CertificateFetchError("no answer in time") from silence
