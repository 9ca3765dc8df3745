# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Signed packs of rules: what may lie in one, how it is read and made, and which of them judges a dossier."""
