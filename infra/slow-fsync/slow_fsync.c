/*
 * A disk that takes longer to say "written": preloaded into PostgreSQL (LD_PRELOAD, Linux), it makes fsync and fdatasync wait
 * after the real call. Those are what the server waits for with wal_sync_method = fsync or fdatasync; with open_sync or
 * open_datasync it would wait in write instead, which this does not slow.
 *
 * SLOW_FSYNC_US       microseconds more for each call (none when unset)
 * SLOW_FSYNC_CONTROL  a file of 16 bytes, two numbers of 64 bits in the machine's order: the microseconds, read at each call
 *                     in place of SLOW_FSYNC_US, so that a server at work can be slowed; and the calls that came back so far.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct control {
  uint64_t delay_us;
  uint64_t calls;
};

static struct control alone;
static struct control *control = &alone;

__attribute__((constructor)) static void prepare(void) {
  const char *delay = getenv("SLOW_FSYNC_US");
  if (delay) alone.delay_us = strtoull(delay, NULL, 10);
  const char *path = getenv("SLOW_FSYNC_CONTROL");
  int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return; /* whoever set it sees that no call is counted */
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) control = mapped;
  close(file);
}

static int slowed(long result) {
  int error = errno;
  uint64_t delay_us = __atomic_load_n(&control->delay_us, __ATOMIC_RELAXED);
  struct timespec left = {(time_t)(delay_us / 1000000), (long)(delay_us % 1000000) * 1000};
  while (delay_us > 0 && nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  __atomic_add_fetch(&control->calls, 1, __ATOMIC_RELAXED);
  errno = error;
  return (int)result;
}

int fsync(int file) { return slowed(syscall(SYS_fsync, file)); }

int fdatasync(int file) { return slowed(syscall(SYS_fdatasync, file)); }
