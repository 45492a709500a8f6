/** The three programs that the questions are asked of, and what is true of each by its source and its launch files. */

/** A run of a program: its launch file below `examples/`. */
export interface Run {
  readonly launch: string;
}

export interface Program {
  readonly name: string;
  /** Ends at a denied access. */
  readonly denied: Run;
  /** Has more than one thread, and ends well unless it is the same. */
  readonly whole: Run;
  /** Of the denied access: the page, the rule that tagged it, and what should have been done instead. */
  readonly fault: {
    readonly page: string;
    readonly tagged: string;
    readonly fix: string;
    /** What the class means, in words of its dialog. */
    readonly meaning: string;
    /** Whose the page of the canary is, and whether the way to the DTV may be read. */
    readonly canary: string;
    readonly way: string;
    readonly chain: RegExp;
    /** Whose stack the thread is on. */
    readonly stack: string;
    readonly callers: RegExp;
    readonly sides: RegExp;
  };
  /** An offset from the thread pointer, and the variable there. */
  readonly below: {
    readonly offset: string;
    readonly variable: string;
    readonly module: string;
    readonly size: string;
  };
  /** Modules whose TLS shares a page, or has its pages alone. */
  readonly tls: readonly RegExp[];
  /** What split shares that tag-all keeps private, in the row of the first thread. */
  readonly newlyShared: RegExp;
  /** A mapping that replaced another: what to search for, and what it took the place of. */
  readonly replaced: { readonly find: string; readonly hit: RegExp; readonly of: RegExp };
  /** A stack by what to search for; who mapped it. */
  readonly stack: { readonly find: string; readonly hit: RegExp; readonly owner: RegExp; readonly by: RegExp };
  /** Of the first thread, over the whole run. */
  readonly wideOpen: RegExp;
  /** Steps of the load order lane, as they follow each other. */
  readonly order: readonly string[];
  /** Two threads beside each other: the second one, and a row of their table. */
  readonly beside: { readonly second: string; readonly place: RegExp; readonly steps: RegExp };
  /** The thread that gets signals, and what each does to its rights. */
  readonly signals: { readonly thread: number; readonly rights: readonly RegExp[] };
  /** Where threads stand while the program is stopped at the denied access; the thread of the access first. */
  readonly stands: readonly [Stand, ...Stand[]];
}

type Stand = readonly [thread: number, where: RegExp];

const dav1d: Program = {
  name: 'dav1d-split',
  denied: { launch: 'dav1d-split/tag-all-rseq-off.json' },
  whole: { launch: 'dav1d-split/split-threads-2.json' },
  fault: {
    page: 'TCB page of T1',
    tagged: 'tagged by rule R4 (tag-all)',
    fix: 'split shares this page by rule R6',
    meaning: 'reads its secret at %fs:0x28 on entry',
    canary: 'private to cli',
    way: 'it breaks at TCB, %fs:0x8',
    chain: /TCB, %fs:0x8.*✕ denied/,
    stack: 'on stack of T1 dav1d, key 0',
    callers: /dav1d_data_create\+0x.*__libc_start_main/s,
    sides: /decoder.*code in libdav1d, T1.*cli.*at TP\+0x28/s,
  },
  below: { offset: '%fs:-0x80', variable: 'errno', module: 'libc', size: '4 bytes' },
  tls: [/libdav1d\.so\.6.*no TLS/s, /libc\.so\.6.*TLS 144 bytes, aligned to 8, shares a page with TCB/s],
  newlyShared: /1 page, 4 KiB.*by R6: .*stack-protector canary/,
  replaced: { find: 'libdav1d .data', hit: /\.data/, of: /\S*libdav1d\.so\S* 0x[0-9a-f]+, key 0/ },
  stack: { find: 'stack', hit: /T1 dav1d/, owner: /stack of T1 dav1d/, by: /the kernel, observed|assumed, not seen/ },
  wideOpen: /never wide open$/,
  order: ['dav1d loaded', 'libdav1d loaded', 'main', 'libdav1d gets key 2'],
  beside: { second: 'T2 dav1d-worker', place: /^TCB/, steps: /by R10.*never tagged/ },
  signals: { thread: 1, rights: [/SIGSEGV0xffffffcc, no handler/] },
  stands: [[1, /at 0x[0-9a-f]+ of libdav1d/]],
};

const two: Program = {
  name: 'two-compartments',
  denied: { launch: 'two-compartments/tag-all.json' },
  whole: { launch: 'two-compartments/split.json' },
  fault: {
    page: 'stack-pointer slot of T1',
    tagged: 'tagged by rule R4 (tag-all)',
    fix: 'split shares this page by rule R5',
    meaning: 'Call gates keep the stack pointers of compartments here',
    canary: 'shared',
    way: 'every link may be read',
    chain: /TCB, %fs:0x8/,
    stack: 'on stack of main, key 1',
    callers: /ia2_gate_1_to_2\+0x/,
    sides: /library.*code in two-compartments, T1.*main.*stack-pointer slot of T1/s,
  },
  below: { offset: '%fs:-0x2000', variable: 'ia2_stackptr_0', module: 'two-compartments', size: '4,096 bytes' },
  tls: [
    /two-compartments.*TLS 12288 bytes, aligned to 4096, alone on its pages/s,
    /libcompartment2\.so.*TLS 4112 bytes, aligned to 4096, shares a page with TLS of libc/s,
  ],
  newlyShared: /1 page, 4 KiB.*by R5: .*stack-pointer slot/,
  replaced: { find: 'libcompartment2 .data', hit: /\.data/, of: /\S*libcompartment2\.so 0x[0-9a-f]+, key 0/ },
  stack: { find: 'library stack', hit: /library stack/, owner: /stack of library/, by: /the program, observed/ },
  wideOpen: /wide open from [\d.\s]+ to [\d.\s]+ seconds/,
  order: ['two-compartments loaded', 'libcompartment2 loaded', 'init-end', 'libcompartment2 gets key 2'],
  beside: { second: 'T2 two-compartment', place: /TLS block of libcompartment2\.so/, steps: /by R4.*by R4/ },
  signals: { thread: 1, rights: [/SIGSEGV0xffffffcc, no handler/] },
  stands: [
    [1, /at ia2_gate_1_to_2\+0x[0-9a-f]+ of two-compartments/],
    [2, /at \S+ of \S+/],
  ],
};

const ten: Program = {
  name: 'ten-threads',
  denied: { launch: 'ten-threads/denied.json' },
  whole: { launch: 'ten-threads/split.json' },
  fault: {
    page: '.bss of libstore',
    tagged: 'tagged by rule S1 (split)',
    fix: 'no preset shares this page',
    meaning: 'Variables of a module',
    canary: 'shared',
    way: 'every link may be read',
    chain: /TCB, %fs:0x8/,
    stack: 'on stack of T5 worker-5, key 0',
    callers: /work\+0x.*thread\+0x.*start_thread/s,
    sides: /main.*code in ten-threads, T5.*store/s,
  },
  below: { offset: '%fs:-0x1000', variable: 'own', module: 'libstore', size: '4,096 bytes' },
  tls: [
    /libstore\.so.*TLS 4096 bytes, aligned to 4096, alone on its pages/s,
    /libtrace\.so.*TLS 4096 bytes, aligned to 4096, alone on its pages/s,
  ],
  newlyShared: /0 pages, 0 B.*nothing/,
  replaced: { find: 'reserved', hit: /reserved/, of: /anonymous 0x[0-9a-f]+, key 0/ },
  stack: { find: 'stack', hit: /worker-5/, owner: /stack of T5 worker-5/, by: /the program, observed/ },
  wideOpen: /never wide open$/,
  order: ['ten-threads loaded', 'libstore loaded', 'libcodec loaded', 'libtrace loaded', 'main', 'libtrace gets key 4'],
  beside: { second: 'T2 worker-2', place: /TLS block of libstore\.so/, steps: /by R4.*by R4/ },
  signals: {
    thread: 5,
    rights: [/SIGUSR10xfffffff0 → 0x55555554 → 0xfffffff0/, /SIGSEGV0xfffffff0, no handler/],
  },
  stands: [
    [5, /at work\+0x[0-9a-f]+ of ten-threads/],
    [1, /in futex, at \S+ of libc/],
    [10, /in futex, at \S+ of libc/],
  ],
};

export const programs: readonly Program[] = [dav1d, two, ten];
