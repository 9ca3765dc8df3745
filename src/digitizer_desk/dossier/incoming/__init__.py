# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What comes from the province: dossiers that wait, papers that can be used again, decisions about what it received."""
