# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What more than one step is made of. Apart from the steps, so that each of those stays one act of the work."""
