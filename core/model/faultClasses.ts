/** The classes of faults. The strings are public (record --json): add to them, never change them. */

/** What each class means, in one sentence a newcomer can read. */
export const faultMeaning = {
  'stack-protector canary':
    'A function built with the stack protector reads its secret at %fs:0x28 on entry; the page that holds it is private.',
  'pointer guard': 'libc mangles saved code pointers (setjmp, atexit) with the secret at %fs:0x30.',
  'DTV pointer': 'Dynamic thread-locals are found through the vector that %fs:0x8 points to.',
  'TCB self pointer': 'The thread control block begins with its own address, which code reads to find its thread.',
  'thread descriptor': 'libc keeps the state of a thread (struct pthread) from the thread pointer upwards.',
  'rseq area': 'The kernel and libc share this area to know on which CPU the thread runs.',
  'robust list': 'The kernel walks this list of held locks when the thread dies.',
  'stack-pointer slot': 'Call gates keep the stack pointers of compartments here; every gate reads it.',
  'TLS block': 'The thread-local variables of one module.',
  'kernel rseq kill':
    'The kernel could not update the rseq area when it preempted the thread, because its page was denied, and killed it.',
  'module data': 'Variables of a module.',
  'mapped file': 'A file that the program mapped itself, or memory that processes share (memfd).',
  RELRO: 'Data of a module that is read-only once it is relocated.',
  'loader data': 'State of the dynamic loader, needed by symbol lookup and by __tls_get_addr.',
  heap: 'Memory of the C library’s allocator.',
  stack: 'The stack of a thread.',
  code: 'Instructions of a module.',
  'anonymous memory': 'Memory that was mapped without a file and that no fact names.',
  unmapped: 'Nothing is mapped at this address: an ordinary crash, no key is involved.',
  'plain segfault': 'The protection of the page forbids the access: an ordinary crash, no key is involved.',
} as const;

export type FaultClass = keyof typeof faultMeaning;
export const faultClasses = Object.keys(faultMeaning) as readonly FaultClass[];
