# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Connections as the wire wants them, where urllib3's own leave something open."""
