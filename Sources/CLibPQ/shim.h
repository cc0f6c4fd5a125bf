// The C library as it is, and the few calls of the kernel that Swift's Glibc module does not export.
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

/// A counter in the kernel that poll(2) can wait for: -1 and errno on failure.
static inline int clibpq_wake_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/// Makes a poll(2) on the counter return. It cannot block: a full counter is a wake already.
static inline void clibpq_wake_signal(int fd) { (void)eventfd_write(fd, 1); }

/// Empties the counter.
static inline void clibpq_wake_drain(int fd) {
  eventfd_t ignored;
  (void)eventfd_read(fd, &ignored);
}

/// How many bytes a socket holds for us: 0 when nobody can tell.
static inline int clibpq_bytes_waiting(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) == 0 ? count : 0;
}

/// Whether reading would not block: 1 when there is something to read or the peer has closed.
static inline int clibpq_is_readable(int fd) {
  struct pollfd file = {.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&file, 1, 0) > 0;
}
