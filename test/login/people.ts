// Owns a board with one enrolled user, and what he and others do at its door, for tests of logins in this process.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { beginForRoot } from '../../daemon/enrolment/begin.ts';
import { confirmForRoot } from '../../daemon/enrolment/confirm-for-root.ts';
import { answer } from '../../daemon/login/answer.ts';
import { begin } from '../../daemon/login/begin.ts';
import type { Outcome } from '../../daemon/login/outcome.ts';
import type { Factor } from '../../daemon/store/factors.ts';
import { stepAt } from '../../daemon/verification/totp.ts';
import { ModelBoard } from '../model/parts.ts';
import { codeOf, wrongCode } from '../vectors/truth.ts';

export const ALICE = 'u1';

export interface AtHome {
  readonly board: ModelBoard;
  readonly recoveryCodes: readonly string[];
  /** The code of the step so far from now. */
  code(offset?: number): string;
  wrong(): string;
  begins(more?: { deviceToken?: string; remoteAddress?: string }): Promise<Challenge>;
  answers(login: string, code: string, method?: 'totp' | 'recovery-code'): Promise<Outcome>;
  factor(): Factor;
  change(changed: Partial<Factor>): Promise<void>;
}

export interface Challenge {
  readonly login: string;
  readonly form: string;
  readonly methods: readonly string[];
  readonly retryAfter: number;
}

export async function atHome(t: TestContext): Promise<AtHome> {
  const board = await ModelBoard.create();
  t.after(() => board.close());
  const { uid } = { uid: 10_001 };
  await beginForRoot(board.parts, ALICE);
  const key = Buffer.from(board.parts.pending.of(uid, 0)?.reveal() ?? assert.fail());
  const step = () => stepAt(board.clock.now());
  const code = (offset = 0) => codeOf(key, step() + offset);
  const recoveryCodes = await confirmForRoot(board.parts, ALICE, code());
  board.clock.pass(60_000);
  const factor = () =>
    board.parts.state.read((t) => t.factors.of(t.users.byName(ALICE)?.id ?? 0)) ?? assert.fail('no factor');
  return {
    board,
    recoveryCodes,
    code,
    wrong: () => wrongCode(key, step() - 130, step() + 30),
    begins: async (more = {}) => {
      const begun = await begin(board.parts, { user: ALICE, service: 'web', ...more });
      return begun.kind === 'challenge' ? begun : assert.fail(begun.kind);
    },
    answers: (login, typed, method = 'totp') =>
      answer(board.parts, { login, user: ALICE, method, code: typed }, 'pipeline'),
    factor,
    change: (changed) => board.parts.state.write((t) => t.factors.save({ ...factor(), ...changed })),
  };
}

/** What an outcome says in one word. */
export function word(outcome: Outcome): string {
  return outcome.kind === 'refused' ? outcome.because : outcome.kind;
}
