// Owns the only way in: the one place in which login.sock gives status 200, and the guard that keeps it so.

import type { ServerResponse } from 'node:http';
import type { ParameterizedContext } from 'koa';
import { Fault } from '../kernel/fault.ts';
import { type Admission, isAdmission } from '../login/decision.ts';
import { write } from './reply.ts';

const opened = new WeakSet<ServerResponse>();

/** Lets the user in. @throws Fault `internal` unless it is an Admission that a verdict made. */
export function open(ctx: ParameterizedContext, admission: Admission): void {
  if (!isAdmission(admission)) {
    throw new Fault('internal', 'Something that is not an Admission was to open the door.', 'Report this.');
  }
  write(ctx, 200, admission.document);
  opened.add(ctx.res);
}

/**
 * Makes every other 200 of this response fail at the last step, where the status line is written: Koa sets 200
 * by itself when a body is set, and a mistake in a middleware would say "let this user in".
 */
export function guard(ctx: ParameterizedContext): void {
  const { res } = ctx;
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse;
  res.writeHead = (...args: unknown[]): ServerResponse => {
    if (args[0] === 200 && !opened.has(res)) {
      throw new Fault('internal', 'Status 200 was to leave a door socket unopened.', 'Report this.');
    }
    return writeHead(...args);
  };
}
