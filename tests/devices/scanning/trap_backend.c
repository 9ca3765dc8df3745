/* SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A SANE backend for tests: drivers' bad manners that no simulated device of SANE has. The part of the device's name
 * after the colon chooses which. Loaded by the real libsane, so both bindings meet it as they would a vendor's driver.
 *   once     a second sane_get_parameters for a page is INVALID (epsonscan2)
 *   warm     sane_start answers WARMING_UP (12), busy: DEVICE_BUSY, cover: COVER_OPEN
 *   longer   sends two rows more than announced
 *   short    sends a piece of a row at the end
 *   long     announces no length and sends 3000 rows
 *   idle     begins a page and then says "nothing yet" for ever
 *   utf8     its source is a Vietnamese word
 * Files named by the environment: TRAP_PAPER lies in the feeder, TRAP_BUTTON is a press (reading takes it),
 * TRAP_OPEN exists while the device is open (a second opening is then DEVICE_BUSY), TRAP_LOADED and TRAP_SEARCHED are
 * made when this backend is loaded, and asked for devices. With TRAP_CRASH it crashes over the latter, with TRAP_HANG it
 * never answers.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sane/sane.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 10, ROWS = 4 };
enum { COUNT, SOURCE, MODE, RESOLUTION, GAMMA, NOTE, SERIAL, PAPER, BUTTON, RESET, OPTIONS };

static char kind[32], source[32] = "ADF", note[32] = "free text";
static int asked, sent, fed, gamma_table[4];
static SANE_Device device = {"", "Trap", "Trap", "feeder"};
static const SANE_Device *devices[] = {&device, NULL};
static SANE_String_Const sources[] = {"ADF", NULL}, vietnamese[] = {"Khay nạp ADF", NULL}, modes[] = {"Gray", NULL};
static const SANE_Word resolutions[] = {2, 100, 300};
static SANE_Option_Descriptor options[OPTIONS];

static int there(const char *variable) {
  const char *path = getenv(variable);
  return path && access(path, F_OK) == 0;
}

static void mark(const char *variable) {
  const char *path = getenv(variable);
  if (path) close(open(path, O_CREAT | O_WRONLY, 0600));
}

static void option(int i, const char *name, SANE_Value_Type type, int size, int cap) {
  options[i] = (SANE_Option_Descriptor){name, name, "", type, SANE_UNIT_NONE, size, cap, SANE_CONSTRAINT_NONE, {NULL}};
}

static void describe(void) {
  int both = SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT;
  option(COUNT, "", SANE_TYPE_INT, 4, SANE_CAP_SOFT_DETECT);
  option(SOURCE, "source", SANE_TYPE_STRING, 32, both);
  options[SOURCE].constraint_type = SANE_CONSTRAINT_STRING_LIST;
  options[SOURCE].constraint.string_list = strcmp(kind, "utf8") ? sources : vietnamese;
  option(MODE, "mode", SANE_TYPE_STRING, 32, both);
  options[MODE].constraint_type = SANE_CONSTRAINT_STRING_LIST;
  options[MODE].constraint.string_list = modes;
  option(RESOLUTION, "resolution", SANE_TYPE_INT, 4, both);
  options[RESOLUTION].unit = SANE_UNIT_DPI;
  options[RESOLUTION].constraint_type = SANE_CONSTRAINT_WORD_LIST;
  options[RESOLUTION].constraint.word_list = resolutions;
  option(GAMMA, "gamma-table", SANE_TYPE_INT, sizeof gamma_table, both);
  option(NOTE, "note", SANE_TYPE_STRING, 32, both);
  option(SERIAL, "serial-number", SANE_TYPE_INT, 4, SANE_CAP_SOFT_DETECT);
  option(PAPER, "page-loaded", SANE_TYPE_BOOL, 4, SANE_CAP_SOFT_DETECT | SANE_CAP_HARD_SELECT);
  option(BUTTON, "scan", SANE_TYPE_BOOL, 4, SANE_CAP_SOFT_DETECT | SANE_CAP_HARD_SELECT);
  option(RESET, "reset", SANE_TYPE_BUTTON, 0, SANE_CAP_SOFT_SELECT | SANE_CAP_ADVANCED);
}

SANE_Status sane_trap_init(SANE_Int *version, SANE_Auth_Callback callback) {
  (void)callback;
  mark("TRAP_LOADED");
  if (version) *version = SANE_VERSION_CODE(1, 0, 0);
  return SANE_STATUS_GOOD;
}

void sane_trap_exit(void) {}

SANE_Status sane_trap_get_devices(const SANE_Device ***list, SANE_Bool local) {
  (void)local;
  mark("TRAP_SEARCHED");
  if (getenv("TRAP_CRASH")) abort();
  while (getenv("TRAP_HANG")) pause();
  device.name = "one";
  *list = devices;
  return SANE_STATUS_GOOD;
}

SANE_Status sane_trap_open(SANE_String_Const name, SANE_Handle *handle) {
  const char *lock = getenv("TRAP_OPEN");
  if (lock) {
    int file = open(lock, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (file < 0) return SANE_STATUS_DEVICE_BUSY;
    close(file);
  }
  snprintf(kind, sizeof kind, "%s", name);
  snprintf(source, sizeof source, "%s", strcmp(kind, "utf8") ? sources[0] : vietnamese[0]);
  describe();
  *handle = &device;
  return SANE_STATUS_GOOD;
}

void sane_trap_close(SANE_Handle handle) {
  (void)handle;
  if (getenv("TRAP_OPEN")) unlink(getenv("TRAP_OPEN"));
}

const SANE_Option_Descriptor *sane_trap_get_option_descriptor(SANE_Handle handle, SANE_Int i) {
  (void)handle;
  return i >= 0 && i < OPTIONS ? &options[i] : NULL;
}

SANE_Status sane_trap_control_option(SANE_Handle handle, SANE_Int i, SANE_Action action, void *value, SANE_Int *info) {
  (void)handle;
  if (info) *info = 0;
  if (action == SANE_ACTION_SET_VALUE) {
    if (i == GAMMA) memcpy(gamma_table, value, sizeof gamma_table);
    if (i == SOURCE && strcmp(value, source)) return SANE_STATUS_INVAL;
    return SANE_STATUS_GOOD;
  }
  switch (i) {
    case COUNT: *(SANE_Word *)value = OPTIONS; break;
    case SOURCE: strcpy(value, source); break;
    case MODE: strcpy(value, "Gray"); break;
    case RESOLUTION: *(SANE_Word *)value = 300; break;
    case GAMMA: memcpy(value, gamma_table, sizeof gamma_table); break;
    case NOTE: strcpy(value, note); break;
    case SERIAL: *(SANE_Word *)value = 4711; break;
    case PAPER: *(SANE_Word *)value = there("TRAP_PAPER"); break;
    case BUTTON:
      *(SANE_Word *)value = there("TRAP_BUTTON");
      if (there("TRAP_BUTTON")) unlink(getenv("TRAP_BUTTON"));
      break;
    default: return SANE_STATUS_INVAL;
  }
  return SANE_STATUS_GOOD;
}

SANE_Status sane_trap_get_parameters(SANE_Handle handle, SANE_Parameters *p) {
  (void)handle;
  if (!strcmp(kind, "once") && asked++) return SANE_STATUS_INVAL;
  int rows = strcmp(kind, "long") ? ROWS : -1;
  *p = (SANE_Parameters){SANE_FRAME_GRAY, SANE_TRUE, WIDTH, WIDTH, rows, 8};
  return SANE_STATUS_GOOD;
}

SANE_Status sane_trap_start(SANE_Handle handle) {
  (void)handle;
  if (!strcmp(kind, "warm")) return 12;
  if (!strcmp(kind, "busy")) return SANE_STATUS_DEVICE_BUSY;
  if (!strcmp(kind, "cover")) return SANE_STATUS_COVER_OPEN;
  if (fed++ >= 2) return SANE_STATUS_NO_DOCS;
  asked = sent = 0;
  return SANE_STATUS_GOOD;
}

SANE_Status sane_trap_read(SANE_Handle handle, SANE_Byte *data, SANE_Int most, SANE_Int *length) {
  (void)handle;
  int whole = WIDTH * ROWS;
  if (!strcmp(kind, "longer")) whole += 2 * WIDTH;
  if (!strcmp(kind, "short")) whole -= 3;
  if (!strcmp(kind, "idle") && sent) {
    *length = 0;
    return SANE_STATUS_GOOD;
  }
  if (!strcmp(kind, "long")) whole = WIDTH * 3000;
  *length = whole - sent < most ? whole - sent : most;
  if (*length > 7 && strcmp(kind, "long")) *length = 7;
  if (*length == 0) return SANE_STATUS_EOF;
  for (int i = 0; i < *length; i++) data[i] = (SANE_Byte)((sent + i) % 251);
  sent += *length;
  return SANE_STATUS_GOOD;
}

void sane_trap_cancel(SANE_Handle handle) { (void)handle; }
SANE_Status sane_trap_set_io_mode(SANE_Handle h, SANE_Bool m) { (void)h; (void)m; return SANE_STATUS_UNSUPPORTED; }
SANE_Status sane_trap_get_select_fd(SANE_Handle h, SANE_Int *fd) { (void)h; (void)fd; return SANE_STATUS_UNSUPPORTED; }
