# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk's side of TWAIN: starts the worker, a separate program (``drivers/twain``), and follows what it tells.

Apart from the worker, whose library is GPL: the two share a documented protocol on a pipe and no code.
"""
