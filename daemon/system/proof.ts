// Owns what counts as a proof that the daemon works: the store can be read, and its own socket answers.

import { ask } from '../helpers/ask.ts';
import { type Millis, SECOND } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import { loginContract } from '../wire/login.ts';

const PATIENCE: Millis = 3 * SECOND;

/**
 * Reads the store and asks for the health through `socketPath` (login.sock). A daemon that answers that it is down, because
 * its medium or its key is gone, is alive: a restart would not bring them back.
 * @throws Fault or Error where one of them fails
 */
export async function proveAlive({ state }: Parts, socketPath: string): Promise<void> {
  if (state.problem() === null) state.read((t) => t.boards.current());
  const { status } = await ask({ socketPath, operation: loginContract.health, patience: PATIENCE });
  if (status !== 204 && status !== 503) throw new Error(`the health answered ${status}`);
}
