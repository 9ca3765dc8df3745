# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Titled sheets on a screen, and what stands where a list has nothing to show."""
