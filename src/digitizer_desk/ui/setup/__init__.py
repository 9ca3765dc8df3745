# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Setting a desk up and caring for its machine, at work: the wizard, the trial, the way to the province, the looks."""
