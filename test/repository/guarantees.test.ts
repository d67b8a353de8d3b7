import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MUTANTS } from '../guarantees/mutant-list.ts';
import { fileViolations } from '../guarantees/simulation/file-invariants.ts';
import * as ofJobs from '../guarantees/simulation/invariants.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const invariants = { ...ofJobs, fileViolations };

type Invariant = Exclude<keyof typeof invariants, 'violations'>;

interface Proof {
  /** What looks for a violation after every schedule of the simulation. */
  readonly invariants: readonly Invariant[];
  /** What a schedule was shown to break, by what is taken out of the code. */
  readonly mutants: readonly string[];
}

/** By which each guarantee of README.md is held, in its bold words. */
const PROOFS: Readonly<Record<string, Proof>> = {
  'Every accepted entry ends in exactly one terminal status': {
    invariants: ['violationsOfJob', 'endViolations', 'violationsOfEnd', 'onceViolations'],
    mutants: [
      'the results of the entries of dead messages',
      'the idempotent fold of the results',
      'the second look for a primary key that the index does not know',
      'the second look when the index led to a process that another has replaced',
      'the resending of what the queue refused',
      'the idempotency record of a key',
      'the idempotency record that is kept when it is not clear what was accepted',
      'the look at the processes when entries are reconciled',
      'the skipping of updates of a stopped job',
      'the skipping of updates that are to end as not queued',
      'the condition that creates a job only once',
      'the reconciliation of entries without a result',
      'the look at the process before an update is dead',
      'the copies that are sent for later in an outage',
      'the release that is repeated when the queue refuses a part of it',
      "the allowance for clocks when another function's deadline is over",
    ],
  },
  'The last accepted value of each field wins': {
    invariants: ['orderViolations', 'violationsOfProcess', 'violationsOfOutcome'],
    mutants: [
      'the clock in the condition of the direct write',
      'the clock of each field when merging',
      'the order of acceptance',
      'the time in the order of acceptance',
      'the order that entries keep which are sent again',
    ],
  },
  'Applying an update twice is the same as once': {
    invariants: ['violationsOfOutcome', 'violationsOfRefusal', 'stateViolations'],
    mutants: [
      'the refusals that a process remembers',
      'the remembered refusal in the condition of the direct write',
      'the remembered refusal when merging',
      'the outcome of an update that was applied already',
    ],
  },
  'A field that no update names keeps its value': {
    invariants: ['violationsOfProcess'],
    mutants: [
      'the version in the condition of the merged write',
      'the writing of single members when updates are merged',
    ],
  },
  'A job and its entries say the same': {
    invariants: ['violationsOfJob', 'endViolations'],
    mutants: [
      'the note that the result of a dead update is late',
      'the first stop, which counts',
      'the status that tells what stopped a job first',
      'the status that follows from the entries',
      'the wait before the end of a job is counted again',
      'the late results on top of the compact ones',
    ],
  },
  'Nothing crosses teams': {
    invariants: ['violationsOfProcess', 'violationsOfEnd'],
    mutants: [
      'the team in the condition of the direct write',
      'the team in the decision',
      'the team of the process when entries are reconciled',
    ],
  },
  'A canary and a threshold hold back the rest': {
    invariants: ['safeguardViolations', 'abortViolations'],
    mutants: [
      "the canary's own step",
      "the canary's wait",
      "the canary's threshold",
      "the canary's entries, which alone decide",
    ],
  },
  'An update with a precondition is decided once, as a whole': {
    invariants: ['violationsOfPrecondition', 'versionViolations'],
    mutants: [
      'the decision that an applied update with a precondition leaves',
      'the refusal that is remembered of a failed precondition',
      'the expected values in the condition of the direct write',
      'the values that a decision was made of in the condition of the merged write',
      'the newer updates that keep a guarded one from being applied in part',
      'the run of its own that an update with a precondition has',
      'the result of a guarded update that was not found',
    ],
  },
  'A plan is applied as it was shown': {
    invariants: ['planViolations'],
    mutants: [
      'the wait for the approval of a plan',
      'what the fields of a planned update had',
      'the refusal of what was planned to fail',
      'the order of acceptance of a plan, which is that of its approval',
    ],
  },
  'An undo gives back what the job changed and nobody has changed since': {
    invariants: ['undoViolations'],
    mutants: [
      'the clock that an undo leaves',
      'the clock of a value that an undo gave back',
      "the job's own chain, along which an undo goes back",
      'what an undo keeps',
      'the undone updates, which do not come back',
      'the image of the copy that wrote',
      'the result that a late update has already',
      'the note of an undo that finds another one done',
      'the decision on an undo',
      'the one undo of a job',
      'the deletion of what an undone job created',
    ],
  },
  'One primary key becomes one process': {
    invariants: ['creationViolations'],
    mutants: [
      'the id that is derived from the primary key',
      'the condition that a process is created only once',
      'the walk to the next process of a primary key',
      'the order number of the update that created a process',
      'the wait for a create that was accepted before',
      'the process that is not for what was accepted before it',
      'the look for the process that an update has reached',
    ],
  },
  'Each row of a file is in exactly one of its files of results': {
    invariants: ['fileViolations'],
    mutants: [
      'counting a chunk of a file once',
      'counting a chunk of a file before it is released',
      'the turns of the file jobs of a team',
      'releasing a chunk of a file once',
      'reporting a chunk of a file once',
      'the ETag of the file that is read',
      'the note that a chunk of a file is reported',
      'accepting an upload once',
      'accepting no upload that is cancelled',
      'the places of the chunks of a file in the order of acceptance',
      'the wait of the chunks after a canary',
      'the note that a canary failed, before its chunk is reported',
      'undoing one chunk of a file after the other',
      'the deletion of what a file created and changed, when it is undone',
    ],
  },
};

/** The bold words of the numbered guarantees, without the sign that ends them. */
function guaranteesOf(document: string): string[] {
  const [, section = ''] = /^## What is guaranteed$(.*?)(?=^## )/ms.exec(document) ?? [];
  return [...section.matchAll(/^\d+\. \*\*(.+?)\*\*/gms)].map(([, bold = '']) =>
    bold.replaceAll(/\s+/g, ' ').replace(/[.,:;]$/, ''),
  );
}

test('every guarantee of README.md has its proof, and every proof is of one', () => {
  expect(guaranteesOf(read('README.md'))).toEqual(Object.keys(PROOFS));
});

describe.each(Object.entries(PROOFS))('%s', (_guarantee, { invariants: names, mutants }) => {
  test('is looked for by an invariant that is there', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(Object.keys(invariants)).toEqual(expect.arrayContaining([...names]));
  });

  test('is broken by a mutant that is there', () => {
    const known = MUTANTS.map(({ without }) => without);
    expect(mutants.length).toBeGreaterThan(0);
    expect(mutants.filter((without) => !known.includes(without))).toEqual([]);
  });
});

test('every invariant and every mutant is of a guarantee', () => {
  const proofs = Object.values(PROOFS);
  const { violations: _all, ...each } = invariants;
  expect(
    Object.keys(each).filter((name) => !proofs.some((proof) => proof.invariants.includes(name as Invariant))),
  ).toEqual([]);
  expect(
    MUTANTS.filter(({ without }) => proofs.filter((proof) => proof.mutants.includes(without)).length !== 1),
  ).toEqual([]);
});

// A mutant whose code has moved takes nothing out, and would be found weeks later.
test.each(MUTANTS)('the code without $without can be made', ({ file, replace, by }) => {
  const code = read(`lambdas/${file}`);
  expect(code.split(replace)).toHaveLength(2);
  expect(code.replace(replace, by)).not.toBe(code);
});
