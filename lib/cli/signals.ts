import { EXIT_CODES } from './exit-code.ts';
import { progress } from './terminal.ts';

const EXIT_CODE_OF_SIGNAL = {
  SIGINT: EXIT_CODES.interrupted,
  SIGTERM: EXIT_CODES.terminated,
  // Without a handler the copy of the standard input would stay on disk.
  SIGHUP: EXIT_CODES.hungUp,
} as const;

let tellUser = (): void => {};

/** Sets what the user is told if a signal stops the command. */
export function whenStopped(tell: () => void): void {
  tellUser = tell;
}

/** Exits on a signal with the code that shells expect, after telling the user how to go on. */
export function exitOnSignals(): void {
  for (const [signal, exitCode] of Object.entries(EXIT_CODE_OF_SIGNAL)) {
    process.once(signal, () => {
      progress.stop();
      tellUser();
      process.exit(exitCode);
    });
  }
}
