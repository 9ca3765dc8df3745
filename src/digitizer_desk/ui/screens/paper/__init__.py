# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Sheets about paper and pages: how it is scanned, what was taken out."""
