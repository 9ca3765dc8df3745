# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Documents carried by hand: a folder on a stick or a share that anybody can check, and the receipts that come back.

Apart from ``http.py`` because there is no other side to talk to: what is written must explain and prove itself.
"""
