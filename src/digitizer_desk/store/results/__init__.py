# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Results: the papers of a dossier that are one, and the list of older ones still to be digitised."""
