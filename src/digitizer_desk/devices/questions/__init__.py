# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the desk asks of scanners besides a scan: of one of them (``asking``), of all there are (``search``)."""
