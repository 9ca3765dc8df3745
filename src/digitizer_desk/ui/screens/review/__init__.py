# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Screens of the review: overview, judging, verdict, pages that came back, monthly report."""
