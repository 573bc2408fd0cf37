// Owns the short-lived programs that answer a question: how many at once, how long, how much they may say.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Millis } from '../kernel/instant.ts';

/** How a program ended. `failed`: not started, killed, out of time, or it said too much. */
export type Outcome =
  | { readonly kind: 'exited'; readonly code: number; readonly output: Buffer }
  | { readonly kind: 'failed' };

export type Runner = (program: string, args: readonly string[], mostBytes: number) => Promise<Outcome>;

/** process.kill: a negative number means the process group. */
export type Kill = (pid: number, signal: 'SIGKILL') => unknown;

const FAILED: Outcome = { kind: 'failed' };

/** Ends the program and whatever it started: they share a process group of their own. */
function killGroup(child: ChildProcess, kill: Kill): void {
  child.stdout?.destroy();
  if (child.pid === undefined) return;
  try {
    kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}

function runOne(
  program: string,
  args: readonly string[],
  mostBytes: number,
  deadline: AbortSignal,
  kill: Kill,
  gone: () => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { LANG: 'C', LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (outcome: Outcome) => {
      deadline.removeEventListener('abort', giveUp);
      resolve(outcome);
    };
    const giveUp = () => {
      killGroup(child, kill);
      settle(FAILED);
    };
    deadline.addEventListener('abort', giveUp, { once: true });
    // Where the daemon is out of file descriptors there is no pipe, only the error that follows.
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) giveUp();
      else chunks.push(chunk);
    });
    // The slot is free only when the kernel let the child go: one stuck on a dead mount keeps it.
    child.once('exit', gone);
    child.once('error', () => {
      if (child.pid === undefined) gone();
      settle(FAILED);
    });
    child.once('close', (code) => {
      settle(code === null ? FAILED : { kind: 'exited', code, output: Buffer.concat(chunks) });
    });
  });
}

/**
 * Makes a runner of programs by absolute path, without a shell and with an empty environment. At most
 * `concurrent` run at once, the others wait their turn; `timeout` covers both, and where it passes the program
 * and all it started are killed. Running never rejects.
 */
export function createRunner(limits: {
  readonly concurrent: number;
  readonly timeout: Millis;
  readonly kill: Kill;
}): Runner {
  let running = 0;
  const waiting = new Set<() => void>();

  const enter = (deadline: AbortSignal): Promise<boolean> => {
    if (running < limits.concurrent) {
      running++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const start = () => {
        deadline.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = () => {
        waiting.delete(start);
        resolve(false);
      };
      waiting.add(start);
      deadline.addEventListener('abort', leave, { once: true });
    });
  };

  const gone = () => {
    const [next] = waiting;
    if (next === undefined) {
      running--;
      return;
    }
    waiting.delete(next);
    next();
  };

  return async (program, args, mostBytes) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), limits.timeout);
    try {
      if (!(await enter(controller.signal))) return FAILED;
      return await runOne(program, args, mostBytes, controller.signal, limits.kill, gone);
    } finally {
      clearTimeout(timer);
    }
  };
}
