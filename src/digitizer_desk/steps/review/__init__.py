# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The supervisor's work: lots, judging, verdicts, what goes back to the clerk; figures of the desk and reports."""
