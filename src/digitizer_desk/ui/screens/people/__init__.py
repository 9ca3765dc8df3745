# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Screens about who is working: log-in and lock, the first run, the officers of this desk."""
