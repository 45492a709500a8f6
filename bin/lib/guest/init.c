/* The guest's first program: loads the drivers, takes the host's files as its root and runs one job
 * there. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_PORT = 0x501 };

/* Leaves the machine; QEMU ends with status * 2 + 1. */
static void leave(int status) {
  fflush(stdout);
  sync();
  iopl(3);
  outb((unsigned char)status, EXIT_PORT);
  for (;;) pause();
}

static void must(int result, const char* what) {
  if (result >= 0) return;
  perror(what);
  leave(126);
}

/* The modules, in the order of the list that the initramfs carries. */
static void load_modules(void) {
  FILE* list = fopen("/modules", "r");
  if (!list) must(-1, "/modules");
  char path[128];
  while (fgets(path, sizeof path, list)) {
    path[strcspn(path, "\n")] = 0;
    int file = open(path, O_RDONLY);
    must(file, path);
    must((int)syscall(SYS_finit_module, file, "", 0), path);
    close(file);
  }
  fclose(list);
}

static void mount_all(void) {
  must(mount("host", "/host", "9p", MS_RDONLY,
             "trans=virtio,version=9p2000.L,msize=512000,cache=loose"),
       "9p");
  must(chroot("/host"), "chroot");
  must(chdir("/"), "chdir");
  must(mount("proc", "/proc", "proc", 0, 0), "/proc");
  must(mount("sys", "/sys", "sysfs", 0, 0), "/sys");
  must(mount("dev", "/dev", "devtmpfs", 0, 0), "/dev");
  mkdir("/dev/pts", 0755);
  must(mount("pts", "/dev/pts", "devpts", 0, 0), "/dev/pts");
  mkdir("/dev/shm", 01777);
  must(mount("shm", "/dev/shm", "tmpfs", 0, 0), "/dev/shm");
  must(mount("run", "/run", "tmpfs", 0, 0), "/run");
}

int main(void) {
  must(mount("dev", "/dev", "devtmpfs", 0, 0), "/dev");
  int console = open("/dev/ttyS0", O_RDWR);
  for (int i = 0; console >= 0 && i < 3; i++) dup2(console, i);
  load_modules();
  mount_all();
  /* The kernel hands `job=PATH` of its command line on as a variable. */
  const char* job = getenv("job");
  if (!job) must(-1, "no job= on the kernel's command line");
  setenv("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", 1);
  setenv("HOME", "/run", 1);
  setenv("TMPDIR", "/run", 1);
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", job, (char*)0);
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
  }
  leave(WIFEXITED(status) ? WEXITSTATUS(status) : 125);
}
