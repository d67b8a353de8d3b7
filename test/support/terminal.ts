import { type SpawnSyncReturns, spawnSync } from 'node:child_process';

/** Waits for each text that a command shows, and types what follows it. A time-out is an end of the input. */
const TYPIST = `
import fcntl, json, os, pty, select, struct, sys, termios
command, dialogue = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execv(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
shown, seen = b"", 0
while True:
    ready, _, _ = select.select([terminal], [], [], 30)
    try:
        chunk = os.read(terminal, 65536) if ready else b""
    except OSError:
        chunk = b""
    if not chunk:
        break
    shown += chunk
    if dialogue and dialogue[0][0].encode() in shown[seen:]:
        os.write(terminal, dialogue.pop(0)[1].encode())
        seen = len(shown)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/**
 * Runs a script in a terminal, as a person does. It needs python3, as Node.js has no pseudo terminals.
 * @param dialogue - texts that are waited for, each with what is typed then
 */
export function inTerminal(
  script: string,
  args: readonly string[],
  dialogue: readonly (readonly [shown: string, typed: string])[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): SpawnSyncReturns<string> {
  const command = [process.execPath, script, ...args];
  return spawnSync('python3', ['-c', TYPIST, JSON.stringify([command, dialogue])], { encoding: 'utf8', env });
}
