/* SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
   SPDX-License-Identifier: Apache-2.0

   A PKCS#11 library for tests that stands before SoftHSM and misbehaves as told. Before each call it reads the file
   named by TOKEN_FAULTS: lines NAME=NUMBER. SoftHSM alone never locks a PIN and cannot be pulled out. */

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST *softhsm;
static CK_FUNCTION_LIST ours;

static long told(const char *name)
{
    const char *path = getenv("TOKEN_FAULTS");
    FILE *file = path ? fopen(path, "r") : NULL;
    char text[96];
    long value = 0;
    size_t length = strlen(name);

    if (!file)
        return 0;
    while (fgets(text, sizeof text, file))
        if (!strncmp(text, name, length) && text[length] == '=')
            value = strtol(text + length + 1, NULL, 0);
    fclose(file);
    return value;
}

/* wrong tries outlive the process, as they do on a card */
static long tries(long change)
{
    const char *path = getenv("TOKEN_TRIES");
    FILE *file;
    long count = 0;

    if (!path)
        return 0;
    if ((file = fopen(path, "r"))) {
        if (fscanf(file, "%ld", &count) != 1)
            count = 0;
        fclose(file);
    }
    if (change && (file = fopen(path, "w"))) {
        count = change > 0 ? count + change : 0;
        fprintf(file, "%ld", count);
        fclose(file);
    }
    return count;
}

static void note(const char *what)
{
    const char *path = getenv("TOKEN_LOG");
    FILE *file = path ? fopen(path, "a") : NULL;

    if (file) {
        fprintf(file, "%s\n", what);
        fclose(file);
    }
}

static CK_RV slots(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count)
{
    while (told("hang_list"))
        usleep(20000);
    if (present && told("removed")) {
        *count = 0;
        return CKR_OK;
    }
    return softhsm->C_GetSlotList(present, list, count);
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    long most = told("most_tries");
    CK_RV result;

    if (told("removed"))
        return CKR_TOKEN_NOT_PRESENT;
    result = softhsm->C_GetTokenInfo(slot, info);
    if (result == CKR_OK && most) {
        info->flags &= ~(CK_FLAGS)(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
        if (tries(0) > 0)
            info->flags |= CKF_USER_PIN_COUNT_LOW;
        if (tries(0) == most - 1)
            info->flags |= CKF_USER_PIN_FINAL_TRY;
        if (tries(0) >= most)
            info->flags |= CKF_USER_PIN_LOCKED;
    }
    return result;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *a, CK_NOTIFY b, CK_SESSION_HANDLE *session)
{
    if (told("removed"))
        return CKR_TOKEN_NOT_PRESENT;
    note(flags & CKF_RW_SESSION ? "open rw" : "open ro");
    if ((flags & CKF_RW_SESSION) && told("no_rw"))
        return CKR_TOKEN_WRITE_PROTECTED;
    return softhsm->C_OpenSession(slot, flags, a, b, session);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length)
{
    long most = told("most_tries"), forced = told("login_answer");
    CK_RV result;

    note("login");
    if (forced)
        return (CK_RV)forced;
    if (most && tries(0) >= most)
        return CKR_PIN_LOCKED;
    result = softhsm->C_Login(session, user, pin, length);
    if (result == CKR_PIN_INCORRECT)
        tries(1);
    else if (result == CKR_OK)
        tries(-1);
    return result;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    note(mechanism->mechanism == CKM_RSA_PKCS ? "raw rsa" : "hashing");
    if (told("raw_rsa_only") && mechanism->mechanism != CKM_RSA_PKCS)
        return CKR_MECHANISM_INVALID;
    return softhsm->C_SignInit(session, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG length, unsigned char *out, CK_ULONG *size)
{
    long forced = told("sign_answer");

    if (told("crash"))
        abort();
    while (told("hang_sign"))
        usleep(20000);
    if (told("removed"))
        return told("removed_answer") ? (CK_RV)told("removed_answer") : CKR_DEVICE_REMOVED;
    if (forced)
        return (CK_RV)forced;
    return softhsm->C_Sign(session, data, length, out, size);
}

/* some vendors answer 0 when asked how long a value is */
static CK_RV attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *wanted, CK_ULONG count)
{
    CK_ULONG i, asked = 0;

    if (told("no_lengths"))
        for (i = 0; i < count; i++)
            if (!wanted[i].pValue) {
                wanted[i].ulValueLen = 0;
                asked = 1;
            }
    return asked ? CKR_OK : softhsm->C_GetAttributeValue(session, object, wanted, count);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    const char *path = getenv("TOKEN_BEHIND");
    void *library = dlopen(path ? path : "", RTLD_NOW | RTLD_LOCAL);
    CK_RV (*get)(CK_FUNCTION_LIST **);
    CK_RV result;

    if (!library)
        return CKR_GENERAL_ERROR;
    *(void **)&get = dlsym(library, "C_GetFunctionList");
    if ((result = get(&softhsm)))
        return result;
    ours = *softhsm;
    ours.C_GetFunctionList = C_GetFunctionList;
    ours.C_GetSlotList = slots;
    ours.C_GetTokenInfo = token_info;
    ours.C_OpenSession = open_session;
    ours.C_Login = login;
    ours.C_GetAttributeValue = attributes;
    ours.C_SignInit = sign_init;
    ours.C_Sign = sign;
    *list = &ours;
    printf("a vendor library that writes to stdout\n");
    return CKR_OK;
}
