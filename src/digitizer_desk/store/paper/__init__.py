# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is remembered of the paper itself, beside its pictures: batches, counts, stacks turned by hand."""
