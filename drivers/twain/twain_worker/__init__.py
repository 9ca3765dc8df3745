# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A program of its own that drives TWAIN scanners and tells of it by lines on stdout. Standard library and pytwain."""
