# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The rooms beside the counter, each joined to what is done in it; and the reception, where dossiers come in."""
