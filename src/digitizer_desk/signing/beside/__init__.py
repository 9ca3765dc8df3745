# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Signatures that lie beside what they sign, of packs: whose word counts, and a key in a file to make one."""
