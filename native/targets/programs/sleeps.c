// Proves: every sleeping call keeps its time while threads of two compartments take turns, and the
// registers that a system call preserves are preserved. Hardware: nothing interrupts them. (These
// are the calls that a stop ends with EINTR, signal(7).)
#include "../keys.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

enum { MS = 120 };
static volatile int stop;
static const struct timespec spec = {0, MS * 1000000};
static const struct timeval constant = {0, MS * 1000};

static void* busy(void* page) {
  wrpkru(ONLY(2));
  while (!stop) {
    ++*(volatile char*)page;
    usleep(3000);
  }
  return NULL;
}

// A call that starts over at each of the other's turns never ends; a slow machine may take its
// time.
static void took_its_time(const char* call, long result, long expected, int error, long since) {
  long ms = now_ms() - since;
  if (result == expected && (result != -1 || errno == error) && ms >= MS - 10 && ms < 100 * MS)
    return;
  dprintf(1, "FAILED %s: %ld (%s) after %ld of %d ms\n", call, result, strerror(errno), ms, MS);
  _exit(1);
}

#define SLEEPS(call, expected, error)                     \
  do {                                                    \
    const long since = now_ms();                          \
    took_its_time(#call, (call), expected, error, since); \
  } while (0)

static void registers_stay(int epoll) {
  struct epoll_event event;
  register long r10 __asm__("r10") = MS, r8 __asm__("r8") = 8, r9 __asm__("r9") = 9;
  long result, rdi = epoll, rsi = (long)&event, rdx = 1;
  __asm__ volatile("syscall"
                   : "=a"(result), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10), "+r"(r8), "+r"(r9)
                   : "a"((long)SYS_epoll_wait)
                   : "rcx", "r11", "memory");
  EXPECT(result == 0 && r10 == MS && r8 == 8 && r9 == 9 && rdx == 1 && rdi == epoll);
}

int main(void) {
  char *mine = pages(1), *theirs = pages(1), byte;
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  int sockets[2];
  EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
  EXPECT(setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &constant, sizeof constant) == 0);
  struct epoll_event event;
  const int epoll = epoll_create1(0), sem = semget(IPC_PRIVATE, 1, 0600);
  struct sembuf take = {.sem_op = -1};
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  EXPECT(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  unsigned long context = 0;
  EXPECT(syscall(SYS_io_setup, 1, &context) == 0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, busy, theirs) == 0);
  wrpkru(ONLY(1));
  mine[0] = 1;

  SLEEPS(epoll_wait(epoll, &event, 1, MS), 0, 0);
  SLEEPS(syscall(SYS_epoll_pwait2, epoll, &event, 1, &spec, NULL, 0), 0, 0);
  SLEEPS(sigtimedwait(&set, NULL, &spec), -1, EAGAIN);
  SLEEPS(semtimedop(sem, &take, 1, &spec), -1, EAGAIN);
  SLEEPS(syscall(SYS_io_getevents, context, 1, 1, mine, &spec), 0, 0);
  SLEEPS(recv(sockets[0], &byte, 1, 0), -1, EAGAIN);
  SLEEPS(read(sockets[0], &byte, 1), -1, EAGAIN);
  SLEEPS(syscall(SYS_select, 0, NULL, NULL, NULL, &constant), 0, 0);
  SLEEPS(pselect(0, NULL, NULL, NULL, &spec, NULL), 0, 0);
  SLEEPS(ppoll(NULL, 0, &spec, NULL), 0, 0);
  SLEEPS(clock_nanosleep(CLOCK_MONOTONIC, 0, &spec, NULL), 0, 0);
  registers_stay(epoll);
  stop = 1;
  EXPECT(pthread_join(thread, NULL) == 0);
  EXPECT(semctl(sem, 0, IPC_RMID) == 0);
  return done();
}
