# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What comes from the province: its list of dossiers, its decisions, its papers used again, its packs of rules."""
