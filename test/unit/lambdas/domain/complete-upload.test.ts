import { beforeEach, expect, test } from 'vitest';
import { MAX_CHUNKS, PART_BYTES } from '../../../../lambdas/contract/file-job.ts';
import { completeUpload } from '../../../../lambdas/domain/complete-upload.ts';
import type { StoredJob } from '../../../../lambdas/domain/job.ts';
import type { CompletedUpload, FileJobs, UploadedPart, Uploads } from '../../../../lambdas/domain/ports.ts';
import { RequestError } from '../../../../lambdas/domain/request-error.ts';
import { refusalOf } from '../../../support/accepting.ts';
import { aJob, cancelled } from '../../../support/builders.ts';
import { MemoryJobs } from '../../../support/memory.ts';

const NOW = 1_000_000;
/** Of three parts. */
const SIZE = 2 * PART_BYTES + 1;
const PARTS = [1, 2, 3].map((partNumber) => ({ partNumber, etag: `"${partNumber}"` }));
const COMPLETED: CompletedUpload = { status: 'COMPLETED', etag: '"whole"', size: SIZE };

let jobs: MemoryJobs;
/** What was written, in its order. */
let written: string[];
/** What S3 answers. */
let answer: CompletedUpload;
/** What happens while S3 joins the parts. */
let meanwhile: () => Promise<void>;

const fileJob = { format: 'csv', compression: null, size: SIZE, options: {}, uploadId: 'upload-1' } as const;
const stored = async (changes: Partial<StoredJob> = {}) => {
  await jobs.create(aJob({ total: 0, invalid: 0, fileJob, ...changes }));
};

beforeEach(async () => {
  jobs = new MemoryJobs();
  written = [];
  answer = COMPLETED;
  meanwhile = async () => {};
  await stored();
});

async function complete(parts: readonly UploadedPart[] = PARTS): Promise<void> {
  const job = await jobs.find('job-1');
  if (job === undefined) throw new Error('The job is missing');
  const fileJobs: Pick<FileJobs, 'markAccepted'> = {
    async markAccepted({ id }, accepted) {
      const latest = jobs.headers.get(id);
      if (latest?.fileJob === undefined || latest.fileJob.accepted || latest.stopped) return false;
      written.push('accepted');
      jobs.headers.set(id, { ...latest, fileJob: { ...latest.fileJob, accepted } });
      return true;
    },
  };
  const uploads: Pick<Uploads, 'completeUpload'> = {
    async completeUpload(key, uploadId, sent) {
      written.push(`${key} ${uploadId} of ${sent.length}`);
      await meanwhile();
      return answer;
    },
  };
  await completeUpload({ job, log: [] }, parts, {
    jobs,
    announcements: { announce: async () => void written.push('announced') },
    fileJobs: fileJobs as FileJobs,
    fileSteps: {
      schedule: async ({ kind, acceptingUntil }, seconds) =>
        void written.push(`${kind} in ${seconds} s, until ${acceptingUntil}`),
    },
    uploads: uploads as Uploads,
    now: () => NOW,
    deadline: () => NOW + 28_000,
  });
}

const STEPS = ['read in 0 s, until 1028000', 'apply in 0 s, until 1028000'];
const JOINED = 'uploads/job-1 upload-1 of 3';

test('a file is accepted after its steps are scheduled, with a place for each chunk that it may have', async () => {
  await complete();
  expect(written).toEqual([JOINED, ...STEPS, 'accepted']);
  const accepted = jobs.headers.get('job-1')?.fileJob?.accepted;
  expect(accepted).toMatchObject({ at: NOW, etag: '"whole"' });
  // The next request of the team comes after the last of them.
  expect(await jobs.nextSequence('local', NOW)).toBe((accepted?.sequence ?? 0) + MAX_CHUNKS);
});

test('what creates processes is announced before anything of it may be read', async () => {
  await stored({ creates: 'missing' });
  await complete();
  expect(written).toEqual([JOINED, 'announced', ...STEPS, 'accepted']);
});

test('what is accepted is neither joined nor scheduled again', async () => {
  await complete();
  const before = jobs.headers.get('job-1');
  written = [];
  await complete();
  expect(written).toEqual([]);
  expect(jobs.headers.get('job-1')).toBe(before);
});

test('of two that complete an upload at once, each is accepted, with the places of the first', async () => {
  meanwhile = async () => {
    meanwhile = async () => {};
    await complete();
  };
  await complete();
  expect(written.filter((write) => write === 'accepted')).toHaveLength(1);
});

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof RequestError)) throw error ?? new Error('It was accepted');
  const [first] = error.errors;
  return `${error.status} ${first?.code} ${first?.pointer} ${first?.message}`;
}

const [one, two, three] = PARTS as [UploadedPart, UploadedPart, UploadedPart];

test.for<[string, UploadedPart[], string]>([
  ['without any part', [], '"parts" lacks parts 1, 2, 3: the file has 3 parts.'],
  ['without one', [one, three], '"parts" lacks part 2: the file has 3 parts.'],
  ['in another order', [one, three, two], '"parts" does not name parts 1 to 3, each once, in this order.'],
  ['with one twice', [one, two, two, three], '"parts" does not name parts 1 to 3, each once'],
  ['with one too many', [...PARTS, { partNumber: 4, etag: '"4"' }], '"parts" does not name parts 1 to 3'],
])('an upload %s is not joined', async ([, parts, message]) => {
  expect(await messageOf(complete(parts))).toContain(`400 INVALID_UPLOAD /parts ${message}`);
  expect(written).toEqual([]);
});

test('of many missing parts the first ten are named', async () => {
  await stored({ fileJob: { ...fileJob, size: 12 * PART_BYTES } });
  expect(await messageOf(complete([one]))).toContain(
    'lacks parts 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …: the file',
  );
});

test.for<[string, string]>([
  ['InvalidPart', 'has another ETag than "parts" says'],
  ['InvalidPartOrder', 'not in the order of their numbers'],
  ['EntityTooSmall', 'smaller than "partSize"'],
  ['NoSuchUpload', 'The upload does not exist any more'],
  ['Unheard', 'The parts could not be joined'],
])('parts that S3 refuses as %s are refused, with what to do', async ([fault, message]) => {
  answer = { status: 'REFUSED', fault, message: 'of S3' };
  const refusal = await messageOf(complete());
  expect(refusal).toContain('400 INVALID_UPLOAD /parts ');
  expect(refusal).toContain(message);
  expect(written).toEqual([JOINED]);
});

test('a file of another size is refused, and nothing of it is read', async () => {
  answer = { ...COMPLETED, size: SIZE - 1 };
  expect(await messageOf(complete())).toContain(
    `400 INVALID_UPLOAD /parts The file has ${SIZE - 1} bytes, and "size" said ${SIZE}`,
  );
  expect(written).toEqual([JOINED]);
});

const cancel = () => jobs.markStopped('job-1', cancelled(NOW));

test('a job that is cancelled takes no file', async () => {
  await cancel();
  expect(await refusalOf(complete())).toBe('409 JOB_NOT_AWAITING_UPLOAD');
  expect(written).toEqual([]);
});

test('a job that is cancelled meanwhile takes no file, whether its parts were joined or not', async () => {
  meanwhile = cancel;
  expect(await refusalOf(complete())).toBe('409 JOB_NOT_AWAITING_UPLOAD');
  expect(written).not.toContain('accepted');
  jobs = new MemoryJobs();
  await stored();
  answer = { status: 'REFUSED', fault: 'NoSuchUpload', message: 'of S3' };
  expect(await refusalOf(complete())).toBe('409 JOB_NOT_AWAITING_UPLOAD');
});

test('a job that is not from a file has no upload', async () => {
  await jobs.create(aJob());
  expect(await refusalOf(complete())).toBe('409 JOB_WITHOUT_FILE');
});
