// Owns somebody who guesses mailed codes for a virtual year: he has the password, a session, and every lane.

import { DAY, type Instant, instant, later, MINUTE, type Millis } from '../../daemon/kernel/instant.ts';
import { type MailLane, waitForMail } from '../../daemon/recovery/allowance.ts';
import { mailCode } from '../../daemon/recovery/mail-code.ts';
import { MAILED_CODE_BITS, MAILED_CODE_TRIES, type MailedKind } from '../../daemon/recovery/mailed-code.ts';
import { judgeMailed } from '../../daemon/recovery/spend-mailed.ts';
import type { Tables } from '../../daemon/store/tables.ts';
import type { User } from '../../daemon/store/users.ts';
import { NOW, SEALING } from '../store/board.ts';

/** Lanes whose codes let in, get a new phone, or get a new password. */
const LANES: Readonly<Record<Exclude<MailLane, 'confirm'>, MailedKind>> = {
  strangers: 'emergency',
  known: 'emergency',
  'step-up': 'replace-phone',
  reset: 'reset',
  'reset-known': 'reset',
};

export interface MailDoor {
  /** Has a code mailed; false past a cap. */
  ask(lane: MailLane, kind: MailedKind): boolean;
  /** Was a guess at the newest code of the lane looked at? */
  guess(lane: MailLane, kind: MailedKind): boolean;
  pass(by: Millis): void;
}

/** The rules by themselves. The day's budget of everybody is left out: it only makes it harder. */
export class BareMailDoor implements MailDoor {
  #now: Instant = instant(0);
  readonly #requests = new Map<MailLane, Instant[]>();
  readonly #tries = new Map<MailLane, number>();

  ask(lane: MailLane): boolean {
    const requests = this.#requests.get(lane) ?? [];
    if (waitForMail(requests, this.#now) > 0) return false;
    this.#requests.set(lane, [...requests, this.#now].slice(-20));
    this.#tries.set(lane, MAILED_CODE_TRIES);
    return true;
  }

  guess(lane: MailLane): boolean {
    const left = this.#tries.get(lane) ?? 0;
    this.#tries.set(lane, Math.max(0, left - 1));
    return left > 0;
  }

  pass(by: Millis): void {
    this.#now = later(this.#now, by);
  }
}

/** The real steps on the real tables, on a board whose mail is set up. */
export class RealMailDoor implements MailDoor {
  now: Instant = NOW;
  readonly #t: Tables;
  readonly #user: User;
  /** Each code belongs to a login or a reset of its own. */
  readonly #ids = new Map<MailLane, string>();
  #count = 0;

  constructor(t: Tables, user: User) {
    this.#t = t;
    this.#user = user;
  }

  ask(lane: MailLane, kind: MailedKind): boolean {
    const id = `${++this.#count}`;
    const to = { address: 'alice@example.com', locale: 'en' } as const;
    const wanted = { user: this.#user, to, kind, id, lane, service: null, from: null };
    if (mailCode(this.#t, wanted, this.now, SEALING).kind !== 'queued') return false;
    this.#ids.set(lane, id);
    return true;
  }

  guess(lane: MailLane, kind: MailedKind): boolean {
    const id = this.#ids.get(lane) ?? '';
    const judged = judgeMailed(this.#t, { kind, id, typed: '0000-0000' }, this.now, SEALING.key);
    if (judged.kind === 'right') throw new Error('guessed right, which this test is not about');
    return judged.because === 'wrong-code';
  }

  pass(by: Millis): void {
    this.now = later(this.now, by);
  }
}

/** How many guesses are looked at when he asks in every lane every minute, and tries six times whenever he may. */
export function guessFor(door: MailDoor, days: number): number {
  let looked = 0;
  for (let minute = 0; minute < (days * DAY) / MINUTE; minute++) {
    for (const [lane, kind] of Object.entries(LANES) as [MailLane, MailedKind][]) {
      if (!door.ask(lane, kind)) continue;
      for (let i = 0; i <= MAILED_CODE_TRIES; i++) if (door.guess(lane, kind)) looked++;
    }
    door.pass(MINUTE);
  }
  return looked;
}

/** The chance of one guess. */
export const MAILED_CHANCE = 2 ** -MAILED_CODE_BITS;
