import type { Command } from '../../../core/contract/commands.ts';

const last = (path: string): string => path.split('/').pop() ?? path;
const named = (policy: string | { readonly name: string }): string =>
  typeof policy === 'string' ? policy : policy.name;

/** What was dropped or typed is not checked yet: it may be anything. */
const programOf = (launch: unknown): string =>
  typeof launch === 'object' && launch !== null && 'program' in launch && typeof launch.program === 'string'
    ? last(launch.program)
    : 'a program';

/** What is said while a command is under way; null for one that answers at once or says so itself. */
export function underWayWords(command: Command): string | null {
  switch (command.do) {
    case 'launch':
      return `Starting ${programOf(command.launch)}…`;
    case 'launch-file':
      return `Starting what ${last(command.path)} names…`;
    case 'attach':
      return `Attaching to process ${command.pid}…`;
    case 'open':
      return `Opening ${last(command.path)}…`;
    case 'open-bytes':
      return `Opening ${command.name}…`;
    case 'save':
      return 'Saving the snapshot…';
    case 'apply':
      return `Applying ${named(command.policy)}…`;
    case 'revert':
      return 'Taking back the last step…';
    case 'verify':
      return 'Comparing with the kernel…';
    case 'detach':
      return 'Letting go of the program…';
    case 'pause':
      return 'Pausing…';
    case 'kill':
      return 'Killing the program…';
    default:
      return null;
  }
}
