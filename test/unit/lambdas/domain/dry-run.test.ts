import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lambdas/domain/decide.ts';
import { dryRun } from '../../../../lambdas/domain/dry-run.ts';
import { accepting, aRequest } from '../../../support/accepting.ts';
import { MemoryProcesses } from '../../../support/memory.ts';

const world = accepting();

describe('a dry run', () => {
  const stored = ['a', 'b', 'c'].map((id) => ({
    id,
    team: 'local',
    procedure: 'lead',
    primaryKey: `KEY-${id}`,
  }));
  const twins = ['t1', 't2'].map((id) => ({ id, team: 'local', procedure: 'lead', primaryKey: 'TWIN' }));
  const deleted = { id: 'd', team: 'local', procedure: 'lead', primaryKey: 'KEY-d', isDeleted: true };
  const all = [...stored, ...twins, deleted];
  /** Decides as the store does, and forgets what it decided. */
  class Unwritten extends MemoryProcesses {
    override async apply(...[target, updates]: Parameters<MemoryProcesses['apply']>) {
      return decide(this.stored.get(target.id), target, updates).verdicts;
    }
  }

  it('fails when a process cannot be read, rather than to guess', async () => {
    const broken = new Unwritten(all);
    broken.findIds = () => Promise.reject(new Error('Throttled'));
    const run = dryRun(aRequest([{ lead_id: 'KEY-a', state: 'NEW' }]), {
      processes: () => broken,
      now: () => world.now,
      deadline: () => world.now,
      onFailure: () => {},
      onChanges: () => {},
      onEntry: () => {},
    });
    await expect(run).rejects.toThrow('could not be decided');
  });
});
