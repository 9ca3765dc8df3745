# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How this machine is: every part of the desk looked at on its own, and a sheet of facts for the help desk.

Apart from terminal and windows because both ask the same questions and must get the same answers.
"""
