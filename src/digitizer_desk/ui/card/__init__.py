# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The key card: all keys of the desk by where they hold, and the sheet of paper they are drawn on."""
