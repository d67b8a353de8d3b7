import { parseArgs } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { redrive } from '../lib/operations/redrive.ts';
import { runCommand } from './command-line.ts';
import { complain, say } from './output.ts';

const USAGE = `Moves the updates of the dead-letter queue back to the queue of updates.

  npm run redrive -- --from <DeadLetterQueueUrl> --to <UpdateQueueUrl>

Both URLs are outputs of the stack. Region and credentials are those of the environment.`;

const url = v.pipe(v.string(), v.url());
const options = v.object({ from: url, to: url });

const parsed = v.safeParse(options, readArguments());
if (!parsed.success) {
  complain(USAGE);
  process.exit(2);
}

const onMoved = (count: number) => say(`${count} moved`);
const { from, to } = parsed.output;
await runCommand(async () => {
  const moved = await redrive(new SQSClient(), { from, to, onMoved });
  say(`done: ${moved} ${moved === 1 ? 'update' : 'updates'} moved back`);
});

function readArguments(): unknown {
  try {
    return parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } }).values;
  } catch {
    return undefined;
  }
}
