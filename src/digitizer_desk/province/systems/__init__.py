# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Connectors to systems of others, written from request shapes read in public source; never tried with the systems."""
