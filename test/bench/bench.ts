/**
 * What a bulk update costs: units as DynamoDB and SQS count them, and times as ratios to a floor of the same run, so
 * that the figures mean the same on any machine.
 *
 *     npm run bench            prints a table
 *     npm run bench -- --json  ends with a line of JSON
 */
import { createProgram, runProgram } from '../../lib/cli/program.ts';
import { timeAccepting } from './accept-time.ts';
import { timeApplying } from './apply-time.ts';
import { timeColdImport } from './cold-import.ts';
import { LEADS, startParts } from './parts.ts';
import { dollarsPerMillion } from './prices.ts';
import {
  type Counted,
  CREATES,
  countUnits,
  GUARDED_UPDATES,
  NAIVE_UPDATES,
  UPDATES_WITHOUT_UNDO,
} from './units.ts';

/** The key of a figure, what it should be, and why it cannot be less. */
const GOALS: Record<string, string> = {
  write_units_per_update: '≤ 1.25, floor 1',
  write_units_per_update_by_primary_key: '≤ 1.25, floor 1',
  write_units_per_update_without_undo: '≤ 1.15, floor 1',
  read_units_per_update_by_id: '≤ 0.05, floor 0',
  read_units_per_update_by_primary_key: '≤ 0.55, floor 0.5',
  write_units_per_guarded_update: '≤ 1.25, floor 1',
  write_units_per_undone_update: '≤ 1.25, floor 1',
  read_units_per_undone_update: 'reported',
  undo_dollars_vs_update: '≤ 1.1',
  write_units_per_create: '≤ 2.2, floor 2',
  read_units_per_create: '≤ 0.55, floor 0.5',
  upsert_dollars_vs_update: '≤ 1.05',
  plan_seconds_10k: '≤ 20',
  sqs_requests_per_update: '≤ 0.31, floor 0.3',
  apply_time_vs_floor: '≤ 1.3',
  accept_time_vs_floor: '≤ 1.3',
  naive_time_vs_ours: '≥ 2',
  time_per_item_10k_vs_1k: '≤ 1.15',
  job_read_units_10k_finished: '≤ 1',
  read_units_per_page_of_100: '≤ 8',
  cold_import_ratio_accept: '≤ 1.25',
  cold_import_ratio_apply: '≤ 1.25',
};

await runProgram(
  createProgram('npm run bench --', 'Measures what an update costs, in units and as ratios to a floor.')
    .option('--json', 'ends with a line of JSON')
    .action(print),
  (error) => {
    throw error;
  },
);

async function print({ json }: { json?: true }): Promise<void> {
  const figures = await measure();
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(([key, figure]) => [key, { figure, goal: GOALS[key] ?? 'reported' }]),
    ),
  );
  if (json === true) console.log(JSON.stringify(figures));
}

async function measure(): Promise<Record<string, number>> {
  const parts = await startParts();
  try {
    const cold = { accept: await timeColdImport('accept'), apply: await timeColdImport('apply') };
    const units = await countUnits(parts);
    const times = await timeApplying(parts);
    // Last, since what it accepts stays in the queue.
    const [small, large] = [await timeAccepting(1_000), await timeAccepting(10_000)];
    const [byId, byPrimaryKey] = [units.byId, units.byPrimaryKey].map((counted) => perUpdate(counted, LEADS));
    const undone = perUpdate(units.undone, LEADS);
    const created = perUpdate(units.created, CREATES);
    const upserted = perUpdate(units.upserted, LEADS);
    const naive = perUpdate(units.naive, NAIVE_UPDATES);
    const whole = large.acceptMs + times.wholeJob;
    const inParts = 10 * small.acceptMs + times.oursById;
    return rounded({
      write_units_per_update: byId?.writeUnits,
      write_units_per_update_by_primary_key: byPrimaryKey?.writeUnits,
      read_units_per_update_by_id: byId?.readUnits,
      read_units_per_update_by_primary_key: byPrimaryKey?.readUnits,
      write_units_per_update_without_undo: units.withoutUndo.writeUnits / UPDATES_WITHOUT_UNDO,
      write_units_per_guarded_update: units.guarded.writeUnits / GUARDED_UPDATES,
      write_units_per_undone_update: undone.writeUnits,
      read_units_per_undone_update: undone.readUnits,
      // Against updates that look for their processes, as those of other systems do.
      undo_dollars_vs_update:
        byPrimaryKey && dollarsPerMillion(undone, 3) / dollarsPerMillion(byPrimaryKey, 3),
      write_units_per_create: created.writeUnits,
      read_units_per_create: created.readUnits,
      upsert_dollars_vs_update:
        byPrimaryKey && dollarsPerMillion(upserted, 3) / dollarsPerMillion(byPrimaryKey, 3),
      plan_seconds_10k: units.planSeconds,
      sqs_requests_per_update: byId?.sqsRequests,
      apply_time_vs_floor: times.vsFloor,
      accept_time_vs_floor: large.ratio,
      naive_time_vs_ours: times.naiveVsOurs,
      time_per_item_10k_vs_1k: whole / inParts,
      peak_memory_per_item_10k: (large.peakBytes - small.peakBytes) / 9_000,
      job_read_units_10k_running: units.jobReadUnits.running,
      job_read_units_10k_finished: units.jobReadUnits.finished,
      read_units_per_page_of_100: units.pageReadUnits.any,
      read_units_per_page_of_no_errors: units.pageReadUnits.filtered,
      write_units_per_update_to_compact: units.compacting.writeUnits / LEADS,
      cold_import_ms_accept: cold.accept.ms,
      cold_import_ms_apply: cold.apply.ms,
      cold_import_ratio_accept: cold.accept.ratio,
      cold_import_ratio_apply: cold.apply.ratio,
      // Looking up, writing, recording; against five requests for each of ten messages.
      dollars_per_million_updates: byPrimaryKey && dollarsPerMillion(byPrimaryKey, 3),
      dollars_per_million_updates_naive: dollarsPerMillion(naive, 50),
    });
  } finally {
    await parts.stop();
  }
}

function perUpdate({ writeUnits, readUnits, sqsRequests }: Counted, updates: number): Counted {
  return {
    writeUnits: writeUnits / updates,
    readUnits: readUnits / updates,
    sqsRequests: sqsRequests / updates,
  };
}

function rounded(figures: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([key, figure = Number.NaN]) => [key, Number(figure.toPrecision(4))]),
  );
}
