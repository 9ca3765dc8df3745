# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Results of dossiers (kết quả giải quyết): taken in, told from what is none, cancelled; the list of older ones."""
