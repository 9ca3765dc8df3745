# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Around the sending of parcels: when it may go on, what is overdue, and what becomes of copies afterwards."""
