# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is the same for every kind of scanner host: following a batch, its faults in our words, trying again."""
