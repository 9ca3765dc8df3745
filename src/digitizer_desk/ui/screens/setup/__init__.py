# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Setting up the desk: the settings by section, and the same sections one after the other at the first start."""
