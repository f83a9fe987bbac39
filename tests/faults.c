/* Calls that write, watched from below: one of them fails, or all are recorded (tests/faults.py).

   Loaded with LD_PRELOAD, silent until begun. Seen are calls on paths below one folder, that of the command.
   SQLite and Python reach the disk by the functions below and by no others; pages of *-shm are mapped, and
   hold nothing that outlives a process. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE = 1, SYNC, CREATE, TRUNCATE, RENAME, REMOVE, MKDIR, LINK, MARK, FAILED, OPEN };

struct record { /* as read by tests/faults.py: then the path, the second path, the data */
    int32_t kind;
    int32_t path, second, data;
    int64_t offset;
};

static char folder[PATH_MAX];
static int out = -1, error_to_give, lasting;
static long fail_at, seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

static void put(const void *bytes, size_t size) {
    REAL(write);
    for (size_t done = 0; done < size;) {
        ssize_t more = real(out, (const char *)bytes + done, size - done);
        if (more <= 0) abort(); /* the record is not complete: no test could rely on it */
        done += (size_t)more;
    }
}

static void record(enum kind kind, const char *path, const char *second, const void *data, size_t size,
                   int64_t offset) {
    struct record head = {kind, (int32_t)strlen(path), (int32_t)strlen(second), (int32_t)size, offset};
    int before = errno;
    put(&head, sizeof head);
    put(path, (size_t)head.path);
    put(second, (size_t)head.second);
    if (size) put(data, size);
    errno = before;
}

/* Begin: at the call with this number, counted from 1, and at all later ones if lasting, give an error; with
   the number 0 record all calls, else only the first that fails. */
void faults_begin(const char *below, const char *into, long at, int error, int for_good) {
    REAL(open);
    snprintf(folder, sizeof folder, "%s/", below);
    out = real(into, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (out < 0) abort();
    fail_at = at, error_to_give = error, lasting = for_good, seen = 0;
}

/* Record that a commit was reported. */
void faults_mark(void) {
    if (out < 0) return;
    pthread_mutex_lock(&lock);
    record(MARK, "", "", NULL, 0, 0);
    pthread_mutex_unlock(&lock);
}

static int is_below(const char *whole) {
    size_t length = strlen(folder) - 1; /* without the slash: the folder itself counts */
    return strncmp(whole, folder, length) == 0 && (whole[length] == '/' || !whole[length]);
}

static int below(const char *path, char *whole) {
    if (out < 0) return 0;
    if (path[0] == '/') {
        snprintf(whole, PATH_MAX, "%s", path);
    } else {
        if (!getcwd(whole, PATH_MAX)) return 0;
        size_t length = strlen(whole);
        snprintf(whole + length, PATH_MAX - length, "/%s", path);
    }
    return is_below(whole);
}

static int below_open(int file, char *whole) {
    char link[64];
    if (out < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, whole, PATH_MAX - 1);
    if (length < 0) return 0;
    whole[length] = 0;
    return is_below(whole);
}

/* Called with the lock: whether this call is to fail. */
static int fails(enum kind kind, const char *path) {
    if (!fail_at) return 0;
    if (error_to_give == ENOSPC && (kind == OPEN || kind == REMOVE)) return 0; /* they take no space */
    seen++;
    if (seen != fail_at && !(lasting && seen > fail_at)) return 0;
    if (seen == fail_at) record(FAILED, path, "", NULL, 0, kind);
    errno = error_to_give;
    return 1;
}

#define CALL(kind, path, call)                                                                                 \
    pthread_mutex_lock(&lock);                                                                                 \
    result = fails(kind, path) ? -1 : (call);

#define DONE                                                                                                   \
    pthread_mutex_unlock(&lock);                                                                               \
    return result;

static int recording(void) { return fail_at == 0; }

static off_t end_or(int file, off_t offset) {
    struct stat status;
    if (fcntl(file, F_GETFL) & O_APPEND && fstat(file, &status) == 0) return status.st_size;
    return offset >= 0 ? offset : lseek(file, 0, SEEK_CUR);
}

ssize_t write(int file, const void *data, size_t size) {
    REAL(write);
    char path[PATH_MAX];
    ssize_t result;
    if (!below_open(file, path)) return real(file, data, size);
    off_t offset = end_or(file, -1);
    CALL(WRITE, path, real(file, data, size))
    if (result > 0 && recording()) record(WRITE, path, "", data, (size_t)result, offset);
    DONE
}

#define PWRITE(name, offset_type)                                                                              \
    ssize_t name(int file, const void *data, size_t size, offset_type offset) {                                \
        REAL(name);                                                                                            \
        char path[PATH_MAX];                                                                                   \
        ssize_t result;                                                                                        \
        if (!below_open(file, path)) return real(file, data, size, offset);                                    \
        CALL(WRITE, path, real(file, data, size, offset))                                                      \
        if (result > 0 && recording()) record(WRITE, path, "", data, (size_t)result, offset);                  \
        DONE                                                                                                   \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

/* A vector is written as its first part alone, which the caller goes on from. */
ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(writev);
    char path[PATH_MAX];
    if (!below_open(file, path) || count < 1) return real(file, parts, count);
    return write(file, parts[0].iov_base, parts[0].iov_len);
}

#define PWRITEV(name, offset_type)                                                                             \
    ssize_t name(int file, const struct iovec *parts, int count, offset_type offset) {                         \
        REAL(name);                                                                                            \
        char path[PATH_MAX];                                                                                   \
        if (!below_open(file, path) || count < 1) return real(file, parts, count, offset);                     \
        return pwrite(file, parts[0].iov_base, parts[0].iov_len, offset);                                      \
    }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

#define SYNCING(name)                                                                                          \
    int name(int file) {                                                                                       \
        REAL(name);                                                                                            \
        char path[PATH_MAX];                                                                                   \
        int result;                                                                                            \
        if (!below_open(file, path)) return real(file);                                                        \
        CALL(SYNC, path, real(file))                                                                           \
        if (result == 0 && recording()) record(SYNC, path, "", NULL, 0, 0);                                    \
        DONE                                                                                                   \
    }
SYNCING(fsync)
SYNCING(fdatasync)

#define TRUNCATING(name, offset_type)                                                                          \
    int name(int file, offset_type size) {                                                                     \
        REAL(name);                                                                                            \
        char path[PATH_MAX];                                                                                   \
        int result;                                                                                            \
        if (!below_open(file, path)) return real(file, size);                                                  \
        CALL(TRUNCATE, path, real(file, size))                                                                 \
        if (result == 0 && recording()) record(TRUNCATE, path, "", NULL, 0, size);                             \
        DONE                                                                                                   \
    }
TRUNCATING(ftruncate, off_t)
TRUNCATING(ftruncate64, off64_t)

#define OPENING(name)                                                                                          \
    int name(const char *given, int flags, ...) {                                                              \
        REAL(name);                                                                                            \
        char path[PATH_MAX];                                                                                   \
        mode_t mode = 0;                                                                                       \
        int result;                                                                                            \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                                   \
            va_list more;                                                                                      \
            va_start(more, flags);                                                                             \
            mode = va_arg(more, mode_t);                                                                       \
            va_end(more);                                                                                      \
        }                                                                                                      \
        if (!below(given, path)) return real(given, flags, mode);                                              \
        enum kind kind = OPEN;                                                                                 \
        if (flags & O_CREAT && access(path, F_OK) != 0) kind = CREATE;                                         \
        else if (flags & O_TRUNC) kind = TRUNCATE;                                                             \
        CALL(kind, path, real(given, flags, mode))                                                             \
        if (result >= 0 && recording()) record(kind, path, "", NULL, 0, 0);                                    \
        DONE                                                                                                   \
    }
OPENING(open)
OPENING(open64)

#define NAMING(name, kind)                                                                                     \
    int name(const char *from, const char *to) {                                                               \
        REAL(name);                                                                                            \
        char old[PATH_MAX], new[PATH_MAX];                                                                     \
        int result;                                                                                            \
        int inside = below(from, old);                                                                         \
        if (!below(to, new) && !inside) return real(from, to);                                                 \
        CALL(kind, new, real(from, to))                                                                        \
        if (result == 0 && recording()) record(kind, old, new, NULL, 0, 0);                                    \
        DONE                                                                                                   \
    }
NAMING(rename, RENAME)
NAMING(link, LINK)

#define REMOVING(name)                                                                                         \
    int name(const char *given) {                                                                              \
        REAL(name);                                                                                            \
        char path[PATH_MAX];                                                                                   \
        int result;                                                                                            \
        if (!below(given, path)) return real(given);                                                           \
        CALL(REMOVE, path, real(given))                                                                        \
        if (result == 0 && recording()) record(REMOVE, path, "", NULL, 0, 0);                                  \
        DONE                                                                                                   \
    }
REMOVING(unlink)
REMOVING(rmdir)

int unlinkat(int where, const char *given, int flags) {
    REAL(unlinkat);
    char path[PATH_MAX];
    int result;
    if (where == AT_FDCWD || given[0] == '/') return flags & AT_REMOVEDIR ? rmdir(given) : unlink(given);
    if (!below_open(where, path)) return real(where, given, flags);
    size_t length = strlen(path);
    snprintf(path + length, sizeof path - length, "/%s", given);
    CALL(REMOVE, path, real(where, given, flags))
    if (result == 0 && recording()) record(REMOVE, path, "", NULL, 0, 0);
    DONE
}

int mkdir(const char *given, mode_t mode) {
    REAL(mkdir);
    char path[PATH_MAX];
    int result;
    if (!below(given, path)) return real(given, mode);
    CALL(MKDIR, path, real(given, mode))
    if (result == 0 && recording()) record(MKDIR, path, "", NULL, 0, 0);
    DONE
}
