# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every failure the desk knows, each with a stable code.

Apart from all rooms so that each may raise and none need import another to say what went wrong.
The Vietnamese words for each code stand in ``messages.py``; a test holds both lists equal.
"""

from __future__ import annotations

from typing import Any

#: code -> names of the facts its message needs
CODES: dict[str, tuple[str, ...]] = {
    # dossier and officer
    "dossier.code_malformed": ("code",),
    "dossier.code_taken": ("code",),
    "dossier.applicant_missing": (),
    "dossier.begun": ("code",),
    "dossier.unknown": ("code",),
    "dossier.scan_refused": ("component", "why"),
    "dossier.not_checked": ("component", "why"),
    "dossier.not_signed": ("component",),
    "dossier.not_filled": ("component", "fields"),
    "dossier.frozen": ("component",),
    "dossier.signed": ("component",),
    "dossier.count_unproved": ("component",),
    "dossier.count_differs": ("component", "kept", "witness"),
    "dossier.halves_differ": ("fronts", "backs"),
    "dossier.backs_missing": ("component", "fronts"),
    "dossier.reason_missing": (),
    "dossier.is_file": ("component",),
    "dossier.has_pages": ("component", "count"),
    "dossier.file_refused": ("component", "why"),
    "dossier.keep_forbidden": ("rule",),
    "dossier.repair_signed": ("component",),
    "dossier.backs_written": ("component",),
    "dossier.repair_idle": ("page", "repair"),
    "dossier.order_not_due": ("step", "first"),
    "officer.unknown": ("login",),
    "officer.password_wrong": ("left",),
    "officer.locked_out": ("minutes",),
    "officer.password_weak": ("least",),
    "officer.not_allowed": ("role",),
    "officer.taken": ("login",),
    "officer.own_account": (),
    # review
    "review.unknown": (),
    "review.nothing": (),
    "review.not_joinable": ("day", "pages", "least"),
    "review.undecided": ("left",),
    "review.closed": (),
    "review.note_missing": (),
    "report.month_unknown": ("month",),
    "report.numbers_wrong": (),
    "report.kind_unknown": ("file",),
    # what comes from the province
    "province.returned": ("said",),
    "province.not_offered": (),
    "waiting.offline": (),
    "waiting.unknown": ("code",),
    "reuse.offline": (),
    "reuse.no_identifier": (),
    "reuse.not_valid": ("title", "why"),
    "reuse.other_owner": (),
    "reuse.not_empty": ("component",),
    "reuse.stands": ("component",),
    "reuse.sent": ("component",),
    "pack.not_pinned": (),
    "pack.unsigned": ("file",),
    "pack.altered": ("file",),
    "pack.stranger": ("file", "signer"),
    "pack.untrusted": ("file", "signer"),
    "pack.expired": ("file", "signer", "until"),
    "pack.newer_format": ("file",),
    "pack.unreadable": ("file", "where"),
    "pack.unusable": ("file", "where"),
    "pack.older": ("title", "sequence", "kept"),
    "pack.cut": ("file",),
    "pack.key_unusable": ("file",),
    "report.not_ours": ("file",),
    "report.cell_wrong": ("file", "cell"),
    "report.month_differs": ("file", "month"),
    "report.desk_twice": ("file",),
    # scanner
    "scanner.none": (),
    "scanner.offline": (),
    "scanner.busy": ("seconds",),
    "scanner.warming_up": (),
    "scanner.empty": (),
    "scanner.jam": ("page", "kept"),
    "scanner.double_feed": ("page", "kept"),
    "scanner.cover_open": (),
    "scanner.lost": ("kept",),
    "scanner.short_page": ("page",),
    "scanner.count_differs": ("kept",),
    "scanner.bad_image": ("page",),
    "scanner.refused": ("option",),
    "scanner.denied": (),
    "scanner.crashed": ("page", "kept"),
    "scanner.stuck": ("page", "kept"),
    "scanner.driver_missing": ("driver",),
    "scanner.address_bad": ("address",),
    "scanner.unreachable": ("address", "seconds"),
    "scanner.not_a_scanner": ("address",),
    "scanner.unknown": ("kept",),
    "scanner.interrupted": ("kept",),
    "scanner.no_sensor": (),
    # token
    "token.none": ("officer",),
    "token.removed": ("signed",),
    "token.module_missing": ("vendor",),
    "token.module_bits": (),
    "token.no_certificate": (),
    "token.wrong_person": ("holder", "officer"),
    "token.not_agency": ("holder", "office"),
    "token.expired": ("until", "help"),
    "token.not_yet_valid": ("since", "help"),
    "token.revoked": ("help",),
    "token.pin_wrong": (),
    "token.pin_last_try": (),
    "token.pin_locked": ("help",),
    "token.pin_must_change": ("vendor",),
    "token.pin_letters": (),
    "token.pin_length": ("least", "most"),
    "token.stuck": (),
    "token.unknown": (),
    # signature
    "signature.pages_changed": ("page",),
    "signature.timestamp_offline": (),
    "signature.timestamp_wrong": (),
    "signature.clock": ("ours", "theirs"),
    "signature.evidence_missing": (),
    "signature.revoked": (),
    "signature.not_in_time": (),
    "signature.chain_incomplete": (),
    "signature.broken": (),
    "signature.mark_letters": ("letters",),
    "signature.no_office": (),
    "signature.no_room": ("component",),
    "signature.copy_no_room": ("component",),
    "signature.renewal_short": (),
    "signature.seal_missing": (),
    "signature.seal_unfit": ("file", "why"),
    "signature.seal_not_archive": ("component", "why"),
    # results
    "result.cancelled": ("component",),
    "result.original": ("component",),
    "result.signatures_bad": ("component", "why"),
    "result.not_one": ("component",),
    "result.certified": ("component",),
    "result.taken": ("number",),
    "result.not_told": ("component",),
    "result.list_unreadable": ("file", "why"),
    "result.list_bad": ("file", "rows"),
    # province
    "province.offline": ("waiting",),
    "province.timeout": ("at",),
    "province.server_busy": ("at",),
    "province.certificate": (),
    "province.login": (),
    "province.forbidden": (),
    "province.too_large": (),
    "province.rejected": ("said",),
    "province.unknown_outcome": (),
    "province.old_version": (),
    "province.reply_unreadable": ("at",),
    "province.not_set": (),
    "province.conflict": (),
    "province.profile_unreadable": ("file", "where"),
    "province.paused": (),
    "province.dossier_unknown": (),
    "province.not_kept": ("at",),
    "province.code_unmapped": ("said",),
    "province.no_address": (),
    "province.no_identifier": (),
    "province.portal_unseen": (),
    "province.portal_adds": (),
    "province.portal_away": ("at",),
    "province.portal_refused": ("said",),
    "province.portal_unknown": (),
    "handover.nothing": (),
    "handover.folder_unusable": ("folder",),
    "handover.certificate_unfit": ("file",),
    "handover.receipts_unreadable": ("file", "where"),
    # store
    "store.disk_low": ("free_gb",),
    "store.disk_full": (),
    "store.locked": (),
    "store.damaged": ("backup_at",),
    "store.newer": (),
    "store.page_missing": ("page",),
    "store.removed": (),
    "store.page_altered": ("page",),
    "store.key_missing": (),
    "store.passphrase_wrong": (),
    "store.backup_failed": ("folder",),
    "store.restore_failed": ("folder",),
    "store.no_access": ("folder",),
    "store.away": ("folder",),
    "store.conflict": (),
    "store.trial_left": (),
    # rules, manifests, images, files
    "rules.unreadable": ("file", "where"),
    "rules.none_in_force": ("day",),
    "rules.procedure_unknown": ("procedure",),
    "rules.work_type_refused": ("file", "where", "why"),
    "rules.work_type_locked": ("name",),
    "manifest.unreadable": ("file",),
    "manifest.unknown_key": ("file", "key"),
    "image.unreadable": ("file",),
    "image.damaged": ("file",),
    "image.encrypted": ("file",),
    "image.too_big": ("file",),
    "image.empty": ("file",),
    "image.page_damaged": ("file", "page", "pages"),
    "image.animated": ("file",),
    "image.too_small": ("file",),
    "image.too_many_pages": ("file", "most"),
    "image.too_slow": ("file",),
    "file.not_found": ("file",),
    "file.unreachable": ("file",),
    "file.changing": ("file",),
    "file.too_big": ("file", "most"),
    "file.changed_after_signing": ("file",),
    "file.locked_by_signature": ("file", "signer"),
    "file.not_signable": ("file",),
    "file.page_damaged": ("file", "page", "pages"),
    "file.one_pdf": ("count",),
    "file.in_use": ("component",),
    "file.altered": (),
    "folder.unreachable": ("folder",),
    "folder.not_cleared": ("file",),
    "file.exists": ("file",),
    "file.not_written": ("file",),
    "file.not_signed": ("file",),
    "settings.unreadable": ("file", "where"),
    "settings.refused": ("key",),
    "settings.locked": ("by",),
    "settings.receipt_qr": ("where",),
    "program.not_built": ("what",),
    "program.bug": ("number",),
}


class DeskError(Exception):
    """A failure a person can understand and mend.

    ``code`` is stable and dotted and one of :data:`CODES`; ``facts`` fill the Vietnamese message; ``detail`` goes to
    the log only and must hold no personal data and no secret.
    """

    def __init__(self, code: str, /, detail: str = "", **facts: Any) -> None:
        if code not in CODES:
            raise ValueError(f"unknown error code {code!r}")
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.code, self.detail, self.facts)


def _rebuild(code: str, detail: str, facts: dict[str, Any]) -> DeskError:
    return error(code, detail, **facts)


class DossierError(DeskError):
    """The dossier, or the officer before it, does not allow what was asked."""


class ScannerError(DeskError):
    """The scanner, its driver or its host process failed."""


class TokenError(DeskError):
    """The signing token, its module or its host process failed."""


class SignatureError(DeskError):
    """A signature could not be made whole or is not whole any more."""


class ProvinceError(DeskError):
    """The provincial system could not be reached or did not accept."""


class StoreError(DeskError):
    """The cabinet could not keep or give back what it was asked."""


class RulesError(DeskError):
    """The law as data is missing or cannot be read."""


class ImageFileError(DeskError):
    """A picture or file cannot be read."""


class Stopped(Exception):
    """The clerk stopped it; never shown as an error."""


_FAMILIES: dict[str, type[DeskError]] = {
    "dossier": DossierError,
    "officer": DossierError,
    "review": DossierError,
    "report": DossierError,
    "scanner": ScannerError,
    "token": TokenError,
    "signature": SignatureError,
    "province": ProvinceError,
    "waiting": ProvinceError,
    "reuse": ProvinceError,
    "handover": ProvinceError,
    "store": StoreError,
    "rules": RulesError,
    "pack": RulesError,
    "manifest": RulesError,
    "settings": RulesError,
    "image": ImageFileError,
    "file": ImageFileError,
}


def error(code: str, /, detail: str = "", **facts: Any) -> DeskError:
    """Make the error of the family its code belongs to: ``error("scanner.jam", page=3, kept=2)``."""
    return _FAMILIES.get(code.partition(".")[0], DeskError)(code, detail, **facts)
