# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Figures to be read at a glance: bars and trends inside tables, and one large trend."""
