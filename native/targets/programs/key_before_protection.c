// Where both a key and the page's protection forbid an access, the key is what the program hears
// of. A page to write only may be read as well. pkey_mprotect looks at place and size before the
// key.
#include "../keys.h"

static void copy_byte(char* to, char* from) {
  __asm__ volatile("movsb" : "+D"(to), "+S"(from) : : "memory");
}

int main(void) {
  char* page = pages(2);
  const int key = pkey_alloc(0, PKEY_DISABLE_WRITE);
  EXPECT(key == 1);
  show("page", (uint64_t)page);
  EXPECT(pkey_mprotect(page, PAGE, PROT_NONE, key) == 0);
  EXPECT(!may_write(page));
  EXPECT(caught.code == SEGV_PKUERR && caught.key == key);
  EXPECT(!may_read(page));
  EXPECT(caught.code == SEGV_ACCERR);

  // Read and then written by one instruction: the read comes first, and no key forbids it.
  EXPECT(!WENT_THROUGH(copy_byte(page, page)));
  EXPECT(caught.code == SEGV_ACCERR);

  EXPECT(pkey_mprotect(page + PAGE, PAGE, PROT_WRITE, key) == 0);
  EXPECT(may_read(page + PAGE));
  EXPECT(!may_write(page + PAGE));
  EXPECT(caught.code == SEGV_PKUERR && caught.key == key);

  const int free_key = 9;
  EXPECT(pkey_mprotect(page, 0, RW, free_key) == 0);
  EXPECT(pkey_mprotect(page + 1, PAGE, RW, free_key) == -1 && errno == EINVAL);
  EXPECT(pkey_mprotect(page, -PAGE, RW, free_key) == -1 && errno == ENOMEM);
  EXPECT(pkey_mprotect(page, PAGE, RW, free_key) == -1 && errno == EINVAL);
  return done();
}
