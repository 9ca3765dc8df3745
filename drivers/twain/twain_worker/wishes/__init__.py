# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Capabilities: how sources tell them, what the desk wishes of them, what it asks of them. No paper moves here."""
