# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What came from the province: the list of waiting dossiers, its decisions, reuse of its papers, its packs of rules."""
