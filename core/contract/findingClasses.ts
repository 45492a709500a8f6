/**
 * What a finding can be about, as the engine writes it into the log and `record --json` prints it. Public: add at the
 * end, never change one. What each means is in `core/model/findingClasses.ts`.
 */
export const findingClasses = [
  'model-differs',
  'key-lost',
  'late-tls',
  'shared-page',
  'not-emulated',
  'not-applied',
  'not-mapped',
  'no-key',
  'policy-error',
  'refused',
  'no-stub',
  'no-main',
  'module-unread',
  'own-filter',
  'killed-by-filter',
  'stub-kept',
  'given-up',
  'not-run',
  'born-unseen',
  'engine-error',
] as const;
export type FindingClass = (typeof findingClasses)[number];
