import { SQSClient } from '@aws-sdk/client-sqs';
import { counted } from '../lambdas/contract/counted.ts';
import { queueUrl } from '../lib/cli/arguments.ts';
import { say } from '../lib/cli/output.ts';
import { createProgram, runProgram } from '../lib/cli/program.ts';
import { redrive } from '../lib/operations/redrive.ts';

const program = createProgram(
  'npm run redrive --',
  `Moves the updates of the dead-letter queue back to the queue of updates.
Both URLs are outputs of the stack. Region and credentials are those of the environment.`,
)
  .requiredOption('--from <DeadLetterQueueUrl>', 'URL of the dead-letter queue', queueUrl)
  .requiredOption('--to <UpdateQueueUrl>', 'URL of the queue of updates', queueUrl)
  .action(async ({ from, to }: { from: string; to: string }) => {
    const onMoved = (count: number) => say(`${count} moved`);
    const moved = await redrive(new SQSClient(), { from, to, onMoved });
    say(`done: ${counted(moved, 'update')} moved back`);
  });

await runProgram(program);
