/* SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
   SPDX-License-Identifier: Apache-2.0

   python.exe for the Windows CPython whose library comes in a wheel without one. PYTHON_DLL is given when it is built. */
#include <windows.h>

int wmain(int count, wchar_t **words) {
    HMODULE library = LoadLibraryA(PYTHON_DLL);
    int (*run)(int, wchar_t **) = library ? (void *)GetProcAddress(library, "Py_Main") : NULL;
    return run ? run(count, words) : 127;
}
