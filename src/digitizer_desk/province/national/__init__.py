# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The national portal (DongBoHoSoMC): told where the files of a dossier lie once another connector has brought them."""
