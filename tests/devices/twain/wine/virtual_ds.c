/* SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
   SPDX-License-Identifier: Apache-2.0

   A TWAIN data source without a scanner, for tests under Wine. What it does stands in %VIRTUAL_DS%\scan.ini:

     [scan] sides, width, height, at (picture at which paper trouble comes), trouble (condition code; -1 crash, -2 hang),
            pending (0 exact, 1 unknown), memory (0: native transfer only), window (1: insists on one)

   Sides are %VIRTUAL_DS%\side001.rgb and on: rows from the top, three bytes a pixel. closed.txt appears when the source
   is closed as it should be. States 4 to 7 are held strictly: what comes in the wrong one is a sequence error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#pragma pack(push, 2)
typedef struct { WORD major, minor, language, country; char info[34]; } Version;
typedef struct {
    DWORD id; Version version; WORD protocol_major, protocol_minor; DWORD groups;
    char manufacturer[34], family[34], product[34];
} Identity;
typedef struct { SHORT whole; WORD frac; } Fix32;
typedef struct { WORD cap, container; HANDLE handle; } Capability;
typedef struct { WORD type; DWORD item; } OneValue;
typedef struct { WORD type; DWORD count; WORD items[1]; } Array;
typedef struct { WORD count; DWORD eoj; } Pending;
typedef struct {
    Fix32 x, y; LONG width, length; SHORT samples, bits_per_sample[8], bits_per_pixel;
    WORD planar; SHORT pixel_type; WORD compression;
} ImageInfo;
typedef struct { WORD condition, data; } Status;
typedef struct { void *event; WORD message; } Event;
typedef struct { Fix32 left, top, right, bottom; DWORD document, page, frame; } Layout;
typedef struct { WORD show, modal; HANDLE parent; } UserInterface;
typedef struct { DWORD flags, length; void *place; } Memory;
typedef struct { WORD compression; DWORD stride, columns, rows, x, y, written; Memory memory; } MemXfer;
typedef struct { DWORD least, most, preferred; } SetupMem;
typedef struct { WORD id, type, count, code; ULONG_PTR item; } Info;
typedef struct { DWORD count; Info info[1]; } ExtInfo;
#pragma pack(pop)

enum { SUCCESS, FAILURE, CHECKSTATUS, CANCEL, DSEVENT, NOTDSEVENT, XFERDONE, INFONOTSUPPORTED = 8 };
enum { BADPROTOCOL = 9, BADVALUE, SEQERROR, CAPUNSUPPORTED = 13, CAPBADOPERATION, NOMEDIA = 29 };
enum { T_INT16 = 1, T_INT32, T_UINT16 = 4, T_UINT32, T_BOOLEAN, T_FIX32 };
enum { CONTROL = 1, IMAGE = 2 };

typedef WORD(WINAPI *Manager)(Identity *, Identity *, DWORD, WORD, WORD, void *);
typedef struct { WORD id, type; int value, readonly; } Cap;

static Cap caps[] = {
    {0x0001, T_INT16, -1, 0},   {0x0100, T_UINT16, 0, 0},  {0x0101, T_UINT16, 0, 0},  {0x0102, T_UINT16, 0, 0},
    {0x0103, T_UINT16, 0, 0},   {0x1002, T_BOOLEAN, 0, 0}, {0x1003, T_BOOLEAN, 0, 1}, {0x1007, T_BOOLEAN, 0, 0},
    {0x100B, T_BOOLEAN, 1, 0},  {0x100D, T_BOOLEAN, 1, 1}, {0x1013, T_BOOLEAN, 0, 0}, {0x103F, T_UINT16, 1, 0},
    {0x1042, T_UINT16, 1, 0},   {0x1118, T_FIX32, 100, 0}, {0x1119, T_FIX32, 100, 0}, {0x111F, T_UINT16, 0, 0},
    {0x112B, T_UINT16, 1, 0},   {0x1134, T_INT32, -1, 0},  {0x112F, T_BOOLEAN, 0, 0},
};
static int state = 3, condition, left, taken, row, width, height;
static Identity self, application;
static Layout layout;
static unsigned char *page; /* the picture at hand, RGB from the top */

static int setting(const char *name, int usual) {
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s\\scan.ini", getenv("VIRTUAL_DS") ? getenv("VIRTUAL_DS") : ".");
    return (int)GetPrivateProfileIntA("scan", name, usual, path);
}

static WORD fail(int code) { condition = code; return FAILURE; }

static Cap *cap(WORD id) {
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        if (caps[i].id == id) return &caps[i];
    return NULL;
}

static int value(WORD id) { return cap(id)->value; }

static int step(void) { return value(0x1002) && !value(0x1013) ? 2 : 1; }

static WORD cap_get(Capability *wish) {
    Cap *one = cap(wish->cap);
    if (!one) return fail(CAPUNSUPPORTED);
    if (wish->cap == 0x1003) one->value = left > 0;
    if (wish->cap == 0x103F) { /* a list, empty when off */
        wish->container = 3;
        wish->handle = GlobalAlloc(GHND, sizeof(Array));
        Array *list = GlobalLock(wish->handle);
        list->type = T_UINT16; list->count = one->value == 0; list->items[0] = 0;
        GlobalUnlock(wish->handle);
        return SUCCESS;
    }
    wish->container = 5;
    wish->handle = GlobalAlloc(GHND, sizeof(OneValue));
    OneValue *item = GlobalLock(wish->handle);
    item->type = one->type;
    item->item = (DWORD)one->value; /* whole resolutions: the upper half of a FIX32 stays 0 */
    GlobalUnlock(wish->handle);
    return SUCCESS;
}

static WORD cap_set(Capability *wish) {
    Cap *one = cap(wish->cap);
    if (!one) return fail(CAPUNSUPPORTED);
    if (state != 4) return fail(SEQERROR);
    if (one->readonly) return fail(CAPBADOPERATION);
    OneValue *item = GlobalLock(wish->handle);
    int asked = item->type == T_FIX32 || item->type == T_INT16 ? (SHORT)item->item
              : item->type == T_INT32 || item->type == T_UINT32 ? (int)item->item : (WORD)item->item;
    WORD type = item->type;
    if (wish->cap == 0x103F && wish->container == 3) asked = ((Array *)item)->count ? ((Array *)item)->items[0] : 1;
    GlobalUnlock(wish->handle);
    if (type != one->type || (wish->container != 5 && wish->cap != 0x103F)) return fail(BADVALUE);
    if (wish->cap == 0x0103 && (asked == 1 || (asked == 2 && !setting("memory", 1)))) return fail(BADVALUE);
    if (one->type == T_FIX32 && asked != 100 && asked != 150 && asked != 200 && asked != 300 && asked != 600)
        return fail(BADVALUE);
    if (wish->cap == 0x0101) cap(0x112B)->value = asked == 2 ? 24 : asked == 1 ? 8 : 1;
    one->value = asked;
    return SUCCESS;
}

static void tell_manager(WORD message) {
    HMODULE library = GetModuleHandleA("twain_32.dll");
    if (!library) library = GetModuleHandleA("twaindsm.dll");
    Manager manager = library ? (Manager)(void *)GetProcAddress(library, "DSM_Entry") : NULL;
    if (manager) manager(&self, &application, CONTROL, 0, message, NULL);
}

/* Paper moves: the next side is at hand, or trouble. */
static int take(void) {
    if (page) return SUCCESS;
    if (setting("at", 0) == taken + 1) {
        int trouble = setting("trouble", 0);
        if (trouble == -1) *(volatile int *)0 = 1;
        if (trouble == -2) Sleep(INFINITE);
        if (trouble > 0) return fail(trouble);
    }
    if (left <= 0) return fail(NOMEDIA);
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s\\side%03d.rgb", getenv("VIRTUAL_DS"), setting("sides", 0) - left + 1);
    FILE *file = fopen(path, "rb");
    size_t size = (size_t)width * height * 3;
    page = malloc(size);
    int whole = file && page && fread(page, 1, size, file) == size;
    if (file) fclose(file);
    if (!whole) { free(page); page = NULL; return fail(1); }
    row = 0;
    return SUCCESS;
}

static int bits(void) { return value(0x0101) == 2 ? 24 : value(0x0101) == 1 ? 8 : 1; }

/* One row as the application ordered it; 0 is black. Colour goes out as it lies in the file, or as BGR. */
static void put_row(unsigned char *to, const unsigned char *from, int bgr) {
    int depth = bits();
    if (depth == 1) memset(to, 0, (width + 7) / 8);
    for (int x = 0; x < width; x++, from += 3) {
        int grey = (from[0] * 77 + from[1] * 150 + from[2] * 29) >> 8;
        if (depth == 24) { to[3 * x] = from[bgr ? 2 : 0]; to[3 * x + 1] = from[1]; to[3 * x + 2] = from[bgr ? 0 : 2]; }
        else if (depth == 8) to[x] = (unsigned char)grey;
        else if (grey >= 128) to[x >> 3] |= 0x80 >> (x & 7);
    }
}

static WORD native(HANDLE *out) {
    int depth = bits(), colours = depth == 24 ? 0 : 1 << depth, stride = (width * depth + 31) / 32 * 4;
    *out = GlobalAlloc(GHND, sizeof(BITMAPINFOHEADER) + 4 * colours + (size_t)stride * height);
    if (!*out) return fail(2);
    unsigned char *dib = GlobalLock(*out);
    BITMAPINFOHEADER *header = (void *)dib;
    header->biSize = sizeof *header; header->biWidth = width; header->biHeight = height;
    header->biPlanes = 1; header->biBitCount = (WORD)depth; /* biClrUsed 0: the palette is full */
    for (int i = 0; i < colours; i++) memset(dib + sizeof *header + 4 * i, i * 255 / (colours - 1), 3);
    unsigned char *rows = dib + sizeof *header + 4 * colours;
    for (int y = 0; y < height; y++) put_row(rows + (size_t)(height - 1 - y) * stride, page + (size_t)y * width * 3, 1);
    GlobalUnlock(*out);
    state = 7;
    return XFERDONE;
}

static WORD strip(MemXfer *out) {
    int stride = (width * bits() + 7) / 8, rows = (int)(out->memory.length / stride);
    if (rows > height - row) rows = height - row;
    for (int y = 0; y < rows; y++)
        put_row((unsigned char *)out->memory.place + (size_t)y * stride, page + (size_t)(row + y) * width * 3, 0);
    out->compression = 0; out->stride = stride; out->columns = width; out->rows = rows;
    out->x = 0; out->y = row; out->written = (DWORD)rows * stride;
    row += rows;
    state = 7;
    return row >= height ? XFERDONE : SUCCESS;
}

static WORD end_picture(Pending *out) {
    if (state == 7) { left -= step(); taken++; }
    free(page); page = NULL;
    int more = left > 0 ? (left + step() - 1) / step() : 0;
    if (value(0x0001) > 0 && taken >= value(0x0001)) more = 0;
    out->count = (WORD)(more && setting("pending", 0) ? 65535 : more);
    state = more ? 6 : 5;
    return SUCCESS;
}

static WORD identity(Identity *origin, WORD message, Identity *data) {
    if (message == 0x0001) { /* GET */
        DWORD id = data->id;
        memset(data, 0, sizeof *data);
        data->id = id; data->version.major = 1; data->protocol_major = 2; data->protocol_minor = 1;
        data->groups = CONTROL | IMAGE;
        strcpy(data->manufacturer, "Digitizer Desk tests"); strcpy(data->family, "Virtual");
        strcpy(data->product, "Virtual ADF");
        return SUCCESS;
    }
    if (message == 0x0401) { /* OPENDS */
        if (state != 3) return fail(4);
        if (setting("at", 0) == -1) return fail(setting("trouble", 0));
        state = 4; self = *data; application = *origin;
        left = setting("sides", 0); width = setting("width", 8); height = setting("height", 8); taken = 0;
        return SUCCESS;
    }
    if (message == 0x0402) { /* CLOSEDS */
        if (state != 4) return fail(SEQERROR);
        char path[MAX_PATH];
        snprintf(path, sizeof path, "%s\\closed.txt", getenv("VIRTUAL_DS"));
        FILE *file = fopen(path, "w");
        if (file) { fprintf(file, "%d", left); fclose(file); }
        state = 3;
        return SUCCESS;
    }
    return fail(BADPROTOCOL);
}

static WORD control(Identity *origin, WORD what, WORD message, void *data) {
    switch (what) {
    case 0x0003: return identity(origin, message, data);
    case 0x0001:
        if (state < 4) return fail(SEQERROR);
        return message == 6 ? cap_set(data) : message == 1 || message == 2 ? cap_get(data) : fail(CAPBADOPERATION);
    case 0x0009: /* USERINTERFACE */
        if (message == 0x0502) {
            if (state != 4) return fail(SEQERROR);
            if (left <= 0) return fail(NOMEDIA);
            state = 6;
            tell_manager(0x0101);
            return setting("window", 0) && !((UserInterface *)data)->show ? CHECKSTATUS : SUCCESS;
        }
        if (message != 0x0501 || state != 5) return fail(SEQERROR);
        state = 4;
        return SUCCESS;
    case 0x0002: ((Event *)data)->message = 0; return NOTDSEVENT;
    case 0x0005: /* PENDINGXFERS */
        if (message == 0x0701) return state == 6 || state == 7 ? end_picture(data) : fail(SEQERROR);
        if (message != 7 || state != 6) return fail(SEQERROR);
        free(page); page = NULL;
        ((Pending *)data)->count = 0;
        state = 5;
        return SUCCESS;
    case 0x0006: {
        SetupMem *sizes = data;
        sizes->least = width * 3; sizes->most = 0xFFFFFFFF; sizes->preferred = 256 << 10;
        return SUCCESS; }
    }
    return fail(BADPROTOCOL);
}

static WORD image(WORD what, WORD message, void *data) {
    switch (what) {
    case 0x0101: { /* IMAGEINFO */
        if (state != 6 && state != 7) return fail(SEQERROR);
        ImageInfo *info = data;
        memset(info, 0, sizeof *info);
        info->x.whole = (SHORT)value(0x1118); info->y.whole = (SHORT)value(0x1119);
        info->width = width; info->length = height; info->pixel_type = (SHORT)value(0x0101);
        info->samples = bits() == 24 ? 3 : 1; info->bits_per_pixel = (SHORT)bits();
        return SUCCESS; }
    case 0x0102: /* IMAGELAYOUT */
        if (message == 6) { if (state != 4) return fail(SEQERROR); layout = *(Layout *)data; }
        else *(Layout *)data = layout;
        return SUCCESS;
    case 0x0103:
        if ((state != 6 && state != 7) || value(0x0103) != 2) return fail(SEQERROR);
        return take() == SUCCESS ? strip(data) : FAILURE;
    case 0x0104:
        if (state != 6 || value(0x0103) != 0) return fail(SEQERROR);
        return take() == SUCCESS ? native(data) : FAILURE;
    case 0x010B: { /* EXTIMAGEINFO: sheets, counted from one */
        if (state != 7) return fail(SEQERROR);
        ExtInfo *asked = data;
        for (DWORD i = 0; i < asked->count; i++) {
            Info *one = &asked->info[i];
            if (one->id == 0x1249) {
                one->type = T_UINT32; one->count = 1; one->code = SUCCESS;
                one->item = (setting("sides", 0) - left) / 2 + 1;
            } else one->code = INFONOTSUPPORTED;
        }
        return SUCCESS; }
    }
    return fail(BADPROTOCOL);
}

__declspec(dllexport) WORD WINAPI DS_Entry(Identity *origin, DWORD group, WORD what, WORD message, void *data) {
    if (what == 8) { /* STATUS */
        ((Status *)data)->condition = (WORD)condition; ((Status *)data)->data = 0;
        condition = 0;
        return SUCCESS;
    }
    return group == CONTROL ? control(origin, what, message, data)
         : group == IMAGE ? image(what, message, data) : fail(BADPROTOCOL);
}
