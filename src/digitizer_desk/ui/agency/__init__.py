# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The work of Văn thư and the results of dossiers, joined to the steps."""
