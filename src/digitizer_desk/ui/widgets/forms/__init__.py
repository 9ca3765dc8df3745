# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Parts of the forms filled in by hand: log-in, first run, receipt."""
