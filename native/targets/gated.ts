/** The targets with virtual gates, and how they are run: programs nobody rebuilt, one compartment a module. */
import type { LaunchFile } from '../../core/contract/launch.ts';

export const PROGRAM = 1;
export const LIBRARY = 2;

/** Targets that keep to their compartments and end well. */
export const keeping = ['gate_calls', 'gate_longjmp', 'gate_own_key', 'gate_threads', 'gate_late_tls'] as const;
/** Targets that die of an access to another compartment. */
export const denied = ['gate_denied', 'gate_denied_there', 'gate_denied_in_libc', 'gate_dlopen', 'thread_tls'] as const;

/** How one is run; `programs` is the folder of the built targets. */
export const gatedLaunch = (name: string, programs: string): LaunchFile => ({
  program: `${programs}/${name}`,
  gates: 'virtual',
  compartments: [
    { key: PROGRAM, name: 'program', modules: ['main'] },
    { key: LIBRARY, name: 'library', modules: ['libgate.so'] },
  ],
  policy: 'split',
});

/** How `gate_pending` is run: the library's pages get a key while it is being loaded; gates are the program's, it has none. */
export const pendingLaunch = (programs: string): LaunchFile => ({
  program: `${programs}/gate_pending`,
  compartments: [{ key: 1, name: 'library', modules: ['libgate.so'] }],
  policy: 'split',
});
