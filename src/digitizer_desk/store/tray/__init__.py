# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The out-tray as a whole: whose turn it is, what a window shows of it, what becomes of copies that were sent."""
