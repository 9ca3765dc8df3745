# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanners on the network: how they are named by address, whether they answer, what their drivers must be told."""
