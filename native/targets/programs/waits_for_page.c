// Its only thread sleeps in the kernel, where no stop reaches it, until a page is there. Says `fd=N
// page=0xADDRESS`; `waits_for_page serve PID N ADDRESS`, which must run outside, brings the page
// at the end of its input. Says `brought` then and waits for ever; ends with status 2 where the
// kernel allows no such page.
#include "../keys.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static int serve(int pid, int fd, unsigned long page) {
  static char content[4096] = "here it is";
  const int other = (int)syscall(SYS_pidfd_open, pid, 0);
  const int faults = (int)syscall(SYS_pidfd_getfd, other, fd, 0);
  char word;
  while (read(0, &word, 1) > 0) {
  }
  struct uffdio_copy copy = {.dst = page, .src = (unsigned long)content, .len = sizeof content};
  return ioctl(faults, UFFDIO_COPY, &copy) == 0 ? 0 : 1;
}

int main(int argc, char** argv) {
  if (argc == 5) return serve(atoi(argv[2]), atoi(argv[3]), strtoul(argv[4], NULL, 16));
  char* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
  struct uffdio_api api = {.api = UFFD_API};
  struct uffdio_register range = {.range = {(unsigned long)page, 4096},
                                  .mode = UFFDIO_REGISTER_MODE_MISSING};
  static char copy[4096];
  struct iovec from = {page, sizeof copy}, to = {copy, sizeof copy};
  if (faults < 0 || ioctl(faults, UFFDIO_API, &api) != 0 ||
      ioctl(faults, UFFDIO_REGISTER, &range) != 0)
    return 2;
  printf("fd=%d page=%p\n", faults, (void*)page);
  fflush(stdout);
  // What the kernel pins, it waits for uninterrupted (mm/gup.c, faultin_page: no
  // FOLL_INTERRUPTIBLE).
  if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != 4096) return 1;
  printf("brought\n");
  fflush(stdout);
  for (;;) pause();
}
