# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Care for pages and for the machine they come from: repairs, notes, the size of the file, a glass to be wiped."""
