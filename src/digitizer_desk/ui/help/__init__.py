# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Help in the window: F1 of every screen and small window; the guides with their pictures, without a network."""
