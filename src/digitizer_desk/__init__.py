# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Digitizer Desk (Bàn số hóa): paper in, signed PDF and data at the province."""

__version__ = "0.1.0"
