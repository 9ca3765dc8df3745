# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How ``check`` speaks: its JSON keys and rows, and how far it has come."""
