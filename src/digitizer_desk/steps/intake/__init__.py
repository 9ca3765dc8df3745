# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Paper that comes as files: chosen by the clerk, or pushed by a scanner to the watched folder."""
