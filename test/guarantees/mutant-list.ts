/** A guarantee that can be taken out of the code: what stands once in a file of lambdas/, and what takes its place. */
export interface Mutant {
  /** The guarantee that is taken out. */
  without: string;
  file: string;
  replace: string;
  by: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    without: 'the clock in the condition of the direct write',
    file: 'adapters/process-write.ts',
    replace: 'const conditions = [isOurs, isLive, hasMaps, isOlder,',
    by: 'const conditions = [isOurs, isLive, hasMaps,',
  },
  {
    without: 'the clock of each field when merging',
    file: 'domain/merge.ts',
    replace: 'changes.filter(({ field, order }) => !isLate(known, field, order))',
    by: 'changes.filter(() => true)',
  },
  {
    without: 'the version in the condition of the merged write',
    file: 'adapters/process-write.ts',
    replace: "const DECIDED_BY = ['team', 'procedure', 'primaryKey', 'version', 'isDeleted'] as const;",
    by: "const DECIDED_BY = ['team', 'procedure', 'primaryKey', 'isDeleted'] as const;",
  },
  {
    without: 'the team in the condition of the direct write',
    file: 'adapters/process-write.ts',
    replace: 'const conditions = [isOurs, isLive, hasMaps, isOlder,',
    by: 'const conditions = [isLive, hasMaps, isOlder,',
  },
  {
    without: 'the team in the decision',
    file: 'domain/decide.ts',
    replace: 'return process.team === target.team && process.procedure === target.procedure;',
    by: 'return process.procedure === target.procedure;',
  },
  {
    without: 'the results of the entries of dead messages',
    file: 'domain/dead-letter-updates.ts',
    replace: 'results: ends.map((end) => ({ attempts, ...end })) };',
    by: 'results: ends.slice(0, 0).map((end) => ({ attempts, ...end })) };',
  },
  {
    without: 'the idempotent fold of the results',
    file: 'domain/results.ts',
    replace: 'folded.set(entry.index, imageAt',
    by: 'folded.set(known === undefined ? entry.index : -folded.size, imageAt',
  },
  {
    without: 'the second look for a primary key that the index does not know',
    file: 'domain/apply-updates.ts',
    replace: 'if (lagMs <= 0) return',
    by: 'if (lagMs < Number.POSITIVE_INFINITY) return',
  },
  {
    without: 'the second look when the index led to a process that another has replaced',
    file: 'domain/apply-updates.ts',
    replace: 'if (isOfIndex(delivery, verdict)) {',
    by: 'if (isOfIndex(delivery, verdict) && ended.length < 0) {',
  },
  {
    without: 'the note that the result of a dead update is late',
    file: 'domain/dead-letter-updates.ts',
    replace: 'isLate: true, results }',
    by: 'isLate: false, results }',
  },
  {
    without: 'the resending of what the queue refused',
    file: 'adapters/update-queue.ts',
    replace: 'return batch.filter((_, position) => refused.has(position));',
    by: 'return refused.size === 0 ? [] : [];',
  },
  {
    without: 'the order of acceptance',
    file: 'domain/update-message.ts',
    replace: 'return sequence * MAX_ENTRIES + index;',
    by: 'return 1e9 * MAX_ENTRIES - sequence * MAX_ENTRIES + index;',
  },
  {
    without: 'the idempotency record of a key',
    file: 'domain/accept-once.ts',
    replace: 'const standing = await idempotencyRecords.take(record, now());',
    by: 'const standing = (await idempotencyRecords.take(record, now())) && undefined;',
  },
  {
    without: 'the idempotency record that is kept when it is not clear what was accepted',
    file: 'domain/accept-once.ts',
    replace: 'if (error instanceof RequestError) await idempotencyRecords.release(record);',
    by: 'if (error !== undefined || RequestError.length > 9) await idempotencyRecords.release(record);',
  },
  {
    without: 'the look at the processes when entries are reconciled',
    file: 'domain/reconcile-job.ts',
    replace: 'const traced = await traceOf(',
    by: 'const traced = void await traceOf(',
  },
  {
    without: 'the team of the process when entries are reconciled',
    file: 'adapters/process-store.ts',
    replace: 'if (process === undefined || !belongsTo(process, target)) return undefined;',
    by: 'if (process === undefined) return undefined;',
  },
  {
    without: 'the skipping of updates of a stopped job',
    file: 'domain/job.ts',
    replace: 'if (stopped !== undefined ||',
    by: 'if (stopped?.at === 0 ||',
  },
  {
    without: 'the skipping of updates that are to end as not queued',
    file: 'domain/job.ts',
    replace: 'return !buried && (hasBrokenOff || notQueued?.includes(index) === true);',
    by: 'return !buried && (hasBrokenOff || notQueued?.includes(index) === true) && queuedAt === 0;',
  },
  {
    without: 'the condition that creates a job only once',
    file: 'adapters/job-store.ts',
    replace: "ConditionExpression: 'attribute_not_exists(#part)',",
    by: "ConditionExpression: 'attribute_not_exists(#part) OR attribute_exists(#part)',",
  },
  {
    without: 'the reconciliation of entries without a result',
    file: 'domain/finalize-job.ts',
    replace: 'await reconcileEntries(state, ports)',
    by: 'await reconcileEntries({ ...state, job: { ...state.job, chunkStarts: [] } }, ports)',
  },
  {
    without: 'the writing of single members when updates are merged',
    file: 'adapters/process-write.ts',
    replace: `      if (isMap(process[name]) && !isWhole) {
        const path = use.name(name);
        conditions.push(\`attribute_type(\${path},\${use.value('M')})\`);
        return path;
      }
      if (isWhole || !isDeepStrictEqual(process[name], merged[name])) isAsRead(name);`,
    by: '',
  },
  {
    without: 'the time in the order of acceptance',
    file: 'adapters/job-store.ts',
    replace: 'const present = Math.floor(now / SEQUENCE_UNIT_MS);',
    by: 'const present = 1;',
  },
  {
    without: 'the refusals that a process remembers',
    file: 'domain/decide.ts',
    replace: 'if (isGuarded(update) && refusal !== undefined && !isKnown)',
    by: 'if (isGuarded(update) && refusal !== undefined && !isKnown && position < 0)',
  },
  {
    without: 'the remembered refusal in the condition of the direct write',
    file: 'adapters/process-write.ts',
    replace: 'use.name(String(order))',
    by: 'use.name(String(-order))',
  },
  {
    without: 'the remembered refusal when merging',
    file: 'domain/merge.ts',
    replace: '} else if (refusal !== undefined) {',
    by: '} else if (refusal !== undefined && changes.length < 0) {',
  },
  {
    without: 'the first stop, which counts',
    file: 'adapters/job-store.ts',
    replace: 'AND attribute_not_exists(#stopped) AND attribute_not_exists(#cancelledAt)',
    by: 'AND attribute_not_exists(#cancelledAt)',
  },
  {
    without: 'the status that follows from the entries',
    file: 'domain/progress.ts',
    replace: 'if (results.values().some(isCancelled)) return',
    by: 'if (results.size < 0 && results.values().some(isCancelled)) return',
  },
  {
    without: 'the wait before the end of a job is counted again',
    file: 'domain/job.ts',
    replace: '  NOTICE_MS + Math.max(APPLY_LIMIT_MS, FINALIZE_LIMIT_MS) + CLOCK_SKEW_MS + IN_FLIGHT_MS;',
    by: '  0 * FINALIZE_LIMIT_MS;',
  },
  {
    without: 'the look at the process before an update is dead',
    file: 'domain/dead-letter-updates.ts',
    replace: 'return await tracesOf(message, processes);',
    by: 'return (await tracesOf(message, processes)).slice(0, 0);',
  },
  {
    without: 'the copies that are sent for later in an outage',
    file: 'domain/apply-updates.ts',
    replace: 'if (isTransient) this.postponed.add(delivery);',
    by: 'if (isTransient && delivery.receives < 0) this.postponed.add(delivery);',
  },
  {
    without: 'the order that entries keep which are sent again',
    file: 'domain/release.ts',
    replace: 'order: order ?? orderIn(job, index),',
    by: 'order: orderIn(job, index),',
  },
  {
    without: 'the outcome of an update that was applied already',
    file: 'domain/merge.ts',
    replace: "early.set(ordered, { outcome: 'APPLIED' });",
    by: "early.set(ordered, { outcome: 'SUPERSEDED' });",
  },
  {
    without: "the allowance for clocks when another function's deadline is over",
    file: 'domain/job.ts',
    replace: 'return now > deadline + CLOCK_SKEW_MS + IN_FLIGHT_MS;',
    by: 'return now > deadline - CLOCK_SKEW_MS;',
  },
  {
    without: "the canary's own step",
    file: 'domain/release.ts',
    replace: 'first === undefined ? valid : valid.slice(0, first.valid);',
    by: 'first === undefined ? valid : valid.slice(0);',
  },
  {
    without: "the canary's wait",
    file: 'domain/release.ts',
    replace: 'if (next === undefined || processed < step.valid) return undefined;',
    by: 'if (next === undefined || processed < 0) return undefined;',
  },
  {
    without: "the canary's threshold",
    file: 'domain/release.ts',
    replace: 'if (failed * 100 > errorPercent * processed) return',
    by: 'if (failed * 100 > errorPercent * processed + 1e6) return',
  },
  {
    without: "the canary's entries, which alone decide",
    file: 'domain/release.ts',
    replace: '.filter(({ index }) => index < step.to);',
    by: '.filter(({ index }) => index < job.total);',
  },
  {
    without: 'the status that tells what stopped a job first',
    file: 'domain/progress.ts',
    replace: "stopped?.why === 'threshold' ? 'ABORTED' : 'CANCELLED';",
    by: "stopped?.why === 'threshold' ? 'CANCELLED' : 'CANCELLED';",
  },
  {
    without: 'the release that is repeated when the queue refuses a part of it',
    file: 'domain/release.ts',
    replace: 'if (unsent.length > 0) return false;',
    by: 'if (unsent.length < 0) return false;',
  },
  {
    without: 'the decision that an applied update with a precondition leaves',
    file: 'domain/decide-whole.ts',
    replace: "if (decision === 'APPLIED' ||",
    by: "if (decision === 'PROCESS_DELETED' ||",
  },
  {
    without: 'the refusal that is remembered of a failed precondition',
    file: 'domain/decide-whole.ts',
    replace: 'decided: new Map([[order,',
    by: 'decided: new Map(!isApplied ? [] : [[order,',
  },
  {
    without: 'the expected values in the condition of the direct write',
    file: 'adapters/process-write.ts',
    replace: '...[...membersOf(expect), ...values].map(',
    by: '...[...membersOf({}), ...values].map(',
  },
  {
    without: 'the values that a decision was made of in the condition of the merged write',
    file: 'adapters/process-write.ts',
    replace: 'for (const name of dependsOn) {',
    by: 'for (const name of dependsOn.slice(0, 0)) {',
  },
  {
    without: 'the newer updates that keep a guarded one from being applied in part',
    file: 'domain/precondition.ts',
    replace: 'if (isOvertaken(process, field, order)) return',
    by: 'if (isOvertaken(process, field, order + 1e16)) return',
  },
  {
    without: 'the run of its own that an update with a precondition has',
    file: 'domain/decide.ts',
    replace: '[first, update].some(standsAlone)',
    by: 'standsAlone(first) !== standsAlone(update)',
  },
  {
    without: 'the result of a guarded update that was not found',
    file: 'domain/apply-updates.ts',
    replace: 'const isLeft = isJudged(delivery) ||',
    by: 'const isLeft = (isJudged(delivery) && group.length < 0) ||',
  },
  {
    without: 'the wait for the approval of a plan',
    file: 'domain/release.ts',
    replace: 'queuedAt === undefined || isPlanned(job)) return undefined;',
    by: 'queuedAt === undefined) return undefined;',
  },
  {
    without: 'what the fields of a planned update had',
    file: 'domain/precondition.ts',
    replace: 'const isAsPlanned = text === undefined ||',
    by: 'const isAsPlanned = text !== null ||',
  },
  {
    without: 'the refusal of what was planned to fail',
    file: 'domain/release.ts',
    replace: 'updates.filter((update) => update.refused === undefined);',
    by: 'updates.filter((update) => update.index >= 0);',
  },
  {
    without: 'the order of acceptance of a plan, which is that of its approval',
    file: 'domain/job.ts',
    replace: 'return orderOf(approved?.sequence ?? sequence, index);',
    by: 'return orderOf(approved === undefined ? sequence : sequence, index);',
  },
  {
    without: 'the clock that an undo leaves',
    file: 'domain/with-changes.ts',
    replace:
      'return { clock: at, origin: definedOf({ at, of: writing.of, by: order, void: undone, from }) };',
    by: 'return { clock: order, origin: definedOf({ at: order, of: order, by: order, void: undone, from }) };',
  },
  {
    without: 'the clock of a value that an undo gave back',
    file: 'domain/with-changes.ts',
    replace: 'definedOf({ at, of: writing.of,',
    by: 'definedOf({ at, of: at,',
  },
  {
    without: "the job's own chain, along which an undo goes back",
    file: 'domain/decide-undo.ts',
    replace: 'if (earlier === undefined || earlier >= order) return image;',
    by: 'if (earlier !== -2) return image;',
  },
  {
    without: 'what an undo keeps',
    file: 'domain/decide-undo.ts',
    replace: "if (!isUndone) return 'KEPT';",
    by: 'if (!isUndone) return { value: entry.image?.get(field)?.before, of: -1, void: [], entry };',
  },
  {
    without: 'the undone updates, which do not come back',
    file: 'domain/clocks.ts',
    replace: '(order < origin.at && isUndoneOn(origin, order))',
    by: '(order < origin.at && isUndoneOn(origin, order) && order < 0)',
  },
  {
    without: 'the image of the copy that wrote',
    file: 'domain/results.ts',
    replace: 'const imageAt = best.imageAt ?? entry.imageAt ?? known?.imageAt;',
    by: 'const imageAt = best.imageAt;',
  },
  {
    without: 'the result that a late update has already',
    file: 'adapters/process-store.ts',
    replace: 'isCreatedAfter(process, update.order)) && (await hasEnded(update))',
    by: 'isCreatedAfter(process, update.order)) && (await hasEnded(update)) && updates.length < 0',
  },
  {
    without: 'the note of an undo that finds another one done',
    file: 'domain/decide-undo.ts',
    replace: 'return { value: fieldValue(process, field), of: origin.of, void: [], entry };',
    by: 'return { value: fieldValue(process, field), of: origin.of, void: [], entry: { ...entry } };',
  },
  {
    without: 'the decision on an undo',
    file: 'domain/decide-undo.ts',
    replace: 'const known = decisions.undoneBy(order);',
    by: 'const known = decisions.undoneBy(-order);',
  },
  {
    without: 'the one undo of a job',
    file: 'adapters/job-store.ts',
    replace: "const ConditionExpression = 'attribute_not_exists(#undoneBy)';",
    by: "const ConditionExpression = 'attribute_not_exists(#undoneBy) OR attribute_exists(#undoneBy)';",
  },
  {
    without: 'the id that is derived from the primary key',
    file: 'domain/creation.ts',
    replace: 'uuidOf(JSON.stringify([team, procedure, primaryKey, n]), NAMESPACE)',
    by: 'uuidOf(JSON.stringify([team, procedure, primaryKey, n, Math.random()]), NAMESPACE)',
  },
  {
    without: 'the condition that a process is created only once',
    file: 'adapters/process-creation.ts',
    replace: "ConditionExpression: 'attribute_not_exists(#id)',",
    by: "ConditionExpression: 'attribute_exists(#id) OR attribute_not_exists(#id)',",
  },
  {
    without: 'the walk to the next process of a primary key',
    file: 'domain/creation.ts',
    replace: 'return deletedAt < order;',
    by: 'return deletedAt < order && deletedAt > order;',
  },
  {
    without: 'the order number of the update that created a process',
    file: 'domain/decide.ts',
    replace: "if (create !== undefined && createdOrder === order) return { outcome: 'CREATED' };",
    by: "if (create !== undefined && createdOrder === order && order < 0) return { outcome: 'CREATED' };",
  },
  {
    without: 'the wait for a create that was accepted before',
    file: 'domain/place-updates.ts',
    replace: 'if (isAwaited) {',
    by: 'if (isAwaited && order < 0) {',
  },
  {
    without: 'the process that is not for what was accepted before it',
    file: 'domain/creation.ts',
    replace: "typeof createdFrom === 'number' && createdFrom > order;",
    by: "typeof createdFrom === 'number' && createdFrom < 0;",
  },
  {
    without: 'the look for the process that an update has reached',
    file: 'domain/place-updates.ts',
    replace: 'const shown = knownId === undefined ?',
    by: 'const shown = knownId !== key.primaryKey ?',
  },
  {
    without: 'the deletion of what an undone job created',
    file: 'domain/decide-undo.ts',
    replace: "return { value: true, of: clockOfValue(process, 'isDeleted'), void: [], entry };",
    by: "return { value: undefined, of: clockOfValue(process, 'isDeleted'), void: [], entry };",
  },
];
