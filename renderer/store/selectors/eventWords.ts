import { hex } from '../../../core/contract/ids.ts';
import { ruleWords } from '../../../core/contract/pause.ts';
import type { EventLog } from '../../../core/model/eventLog.ts';
import { wordsOfFinding } from '../../../core/model/findingClasses.ts';
import { shortModule } from '../../../core/model/names.ts';
import { plural } from '../../widgets/format.ts';
import { standWords } from './threads.ts';

const pages = (start: number, end: number): string => plural(Math.max(1, Math.ceil((end - start) / 4096)), 'page');
const stopWords = {
  user: 'Paused by you.',
  fault: 'Stopped at a fault.',
  start: 'Stopped before the first instruction.',
  end: 'Stopped before the end.',
  rule: 'Paused by itself.',
} as const;

/** What an event did, in one plain sentence. */
export function eventWords(log: EventLog, index: number): string {
  const row = log.at(index);
  const span = pages(row.start, row.end);
  const failed = row.failed ? ', and it failed' : '';
  const keyAfter = row.keyAfter === null ? 'an unknown key' : `key ${row.keyAfter}`;
  switch (row.kind) {
    case 'session':
      return 'The session began.';
    case 'process-birth':
      return `Process ${row.pid} was born.`;
    case 'process-exit': {
      const exit = log.facts(index, 'process-exit');
      if (!exit) return `Process ${row.pid} ended.`;
      return 'code' in exit
        ? `Process ${row.pid} ended with status ${exit.code}.`
        : `Process ${row.pid} was killed by ${exit.signal}.`;
    }
    case 'exec':
      return `Executed ${log.facts(index, 'exec')?.path ?? 'a program'}.`;
    case 'thread-birth':
      return `Thread ${log.facts(index, 'thread-birth')?.name ?? row.tid ?? ''} was born.`;
    case 'thread-name':
      return `Thread ${row.tid ?? ''} calls itself ${log.facts(index, 'thread-name')?.name ?? 'something'}.`;
    case 'detach': {
      const left = log.facts(index, 'detach')?.left ?? [];
      return left.length === 0
        ? 'Let go of the process as it was found.'
        : `Let go of the process, but ${left.join('; ')}.`;
    }
    case 'thread-exit':
      return `Thread ${row.tid ?? ''} ended.`;
    case 'module-load':
      return `Loaded ${shortModule(log.facts(index, 'module-load')?.name ?? 'a module')}.`;
    case 'module-unload':
      return `Unloaded the module at ${hex(row.start)}.`;
    case 'tls':
      return `The thread-local memory of thread ${row.tid ?? ''} became known.`;
    case 'map': {
      const name = log.facts(index, 'map')?.name;
      return `Mapped ${span}${name ? ` of ${shortModule(name)}` : ''}${failed}.`;
    }
    case 'unmap':
      return `Unmapped ${span}${failed}.`;
    case 'protect':
      return `Changed the protection of ${span}${failed}.`;
    case 'tag':
      return `Gave ${span} ${keyAfter}${row.rule === 'none' ? '' : ` by rule ${row.rule}`}${failed}.`;
    case 'key-alloc':
      return `Allocated ${keyAfter}${failed}.`;
    case 'key-free':
      return `Freed key ${row.keyBefore ?? '?'}${failed}.`;
    case 'rights':
      return 'The rights of the thread changed.';
    case 'crossing':
      return `Crossed a gate from key ${row.keyBefore ?? '?'} to key ${row.keyAfter ?? '?'}.`;
    case 'fault':
      return 'A fault.';
    case 'signal':
      return `Signal ${log.facts(index, 'signal')?.signal ?? ''} was delivered.`;
    case 'policy': {
      const facts = log.facts(index, 'policy');
      if (!facts) return 'A policy step.';
      if (facts.why === 'revert') return `Reverted to ${facts.policy}: ${plural(facts.steps.length, 'tag')}.`;
      return `Applied ${facts.policy} (${facts.why}): ${plural(facts.steps.length, 'tag')}.`;
    }
    case 'finding': {
      const facts = log.facts(index, 'finding');
      if (!facts) return 'A finding.';
      const name = wordsOfFinding(facts.class)?.name ?? 'finding';
      return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${facts.text}.`;
    }
    case 'mark':
      return `Mark: ${log.facts(index, 'mark')?.text ?? ''}.`;
    case 'hold':
      return 'Keyhole’s scheduler holds the thread while other rights run.';
    case 'release':
      return 'Keyhole’s scheduler lets the thread run again.';
    case 'stop': {
      const facts = log.facts(index, 'stop');
      return facts?.rule ? `Paused on ${ruleWords(facts.rule)}.` : stopWords[facts?.why ?? 'user'];
    }
    case 'pause-on': {
      const rules = log.facts(index, 'pause-on')?.rules ?? [];
      return rules.length === 0
        ? 'Nothing pauses the program by itself.'
        : `Pauses on ${rules.map(ruleWords).join(', ')}.`;
    }
    case 'stand':
      return `Thread ${row.tid ?? ''} stands ${standWords(log.facts(index, 'stand'))}.`;
    case 'resume':
      return 'Continued.';
    case 'verdict':
      return log.facts(index, 'verdict')?.text ?? 'A verdict of the tracer policy.';
    case 'output':
      return 'The program printed something.';
  }
}
