# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is read off one page, a module each; ``imaging.measure`` joins them."""
