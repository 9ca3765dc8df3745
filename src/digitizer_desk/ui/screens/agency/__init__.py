# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What Văn thư sees: the documents of the day, a document on screen; and the sheets for results."""
