import { describe, expect, test } from 'vitest';
import {
  columnsOfUpload,
  faultsOfMapping,
  hasFaults,
  type UploadMapping,
} from '../../../../lambdas/rows/upload-columns.ts';
import { aProcedure } from '../../../support/builders.ts';

const lead = aProcedure();
const usual: UploadMapping = { columns: { Lead: 'lead_id', City: 'city' } };

describe('the columns of an upload', () => {
  test('are what the mapping calls them, and the others are not sent', () => {
    const mapping = {
      columns: { ...usual.columns, Stage: 'state' },
      expect: { Stage: 'state', Was: 'city' },
    };
    const columns = columnsOfUpload(['City', 'Lead', 'Note', 'Stage', 'Was', '', '_row'], mapping, lead);
    expect(hasFaults(columns)).toBe(false);
    expect(columns).toEqual([
      { is: 'attribute', name: 'city', type: 'string' },
      { is: 'identifier', name: 'lead_id' },
      { is: 'left out' },
      { is: 'field', name: 'state', expects: { is: 'field', name: 'state' } },
      { is: 'left out', expects: { is: 'attribute', name: 'city', type: 'string' } },
      { is: 'nameless' },
      { is: 'left out' },
    ]);
  });

  test('that the file lacks, or has twice, are told', () => {
    const mapping = { columns: { Leed: 'lead_id', City: 'city' }, expect: { 'x/y': 'state' } };
    const faults = columnsOfUpload(['Lead', 'City', 'City'], mapping, lead);
    expect(hasFaults(faults)).toBe(true);
    expect(faults).toEqual([
      { message: 'The file has no column "Leed". Did you mean "Lead"?', pointer: '/columns/Leed' },
      {
        message: 'Several columns of the file are called "City". Rename all but one in the file.',
        pointer: '/columns/City',
      },
      { message: 'The file has no column "x/y". It has "Lead", "City", "City".', pointer: '/expect/x~1y' },
    ]);
  });

  test('are found by no inherited name', () => {
    expect(columnsOfUpload(['Lead', 'City', 'constructor'], usual, lead)).toHaveLength(3);
  });
});

describe('the faults of a mapping', () => {
  test('are none of one that identifies and changes a process', () => {
    expect(faultsOfMapping(usual, lead)).toEqual([]);
  });

  test('are all told at once', () => {
    const columns = { Lead: 'lead_id', City: 'ctiy', Note: 'zzzzzz', _row: 'city', A: 'state', B: 'state' };
    const expect_ = { Stage: 'stat', X: 'qqqqq', C: 'score', D: 'score' };
    expect(
      faultsOfMapping({ columns, expect: expect_ }, lead).map(({ pointer, message }) => [pointer, message]),
    ).toEqual([
      ['/columns/City', '"ctiy" is neither a field nor an attribute of lead. Did you mean "city"?'],
      [
        '/columns/Note',
        '"zzzzzz" is neither a field nor an attribute of lead. Correct it, or remove the column from "columns" to not send it.',
      ],
      ['/columns/_row', '"_row" is reserved for results. Rename the column in the file.'],
      ['/expect/Stage', 'A process of lead cannot be expected to have "stat". Did you mean "state"?'],
      [
        '/expect/X',
        'A process of lead cannot be expected to have "qqqqq". Write version, state, status, assignedTo, nextActionAt or an attribute.',
      ],
      ['/columns', 'Several columns are mapped to the field state. Remove all but one.'],
      ['/expect', 'Several columns are expected to be the attribute score. Remove all but one.'],
    ]);
  });

  test('are what every file would lack', () => {
    expect(faultsOfMapping({ columns: {} }, lead)).toEqual([
      { message: 'No column identifies the process. Map one to "lead_id" or "id".', pointer: '/columns' },
      {
        message:
          'No column changes anything. Map one to an attribute of lead, or to state, status, assignedTo, nextActionAt, isDeleted.',
        pointer: '/columns',
      },
    ]);
  });
});
