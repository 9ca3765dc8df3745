# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A trial of the whole process: the daily steps themselves, in a cabinet of the moment that no parcel leaves."""
