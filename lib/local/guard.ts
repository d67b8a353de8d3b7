/**
 * Runs a command for as long as the pipe to its standard input is open: when the process that started this
 * one ends, however badly, the command ends too.
 *
 *     node guard.ts <command> [argument…]
 */
import { spawn, spawnSync } from 'node:child_process';

const [, , command = '', ...args] = process.argv;
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 1));

process.stdin.resume().once('close', () => {
  const container = process.env.GUARDED_CONTAINER;
  // Killing its client does not end a container.
  if (container !== undefined) spawnSync('docker', ['kill', container], { stdio: 'ignore' });
  child.kill('SIGKILL');
});
