// Owns the one value that opens the door: an Admission, which only a verdict can make.

import { Verdict } from '../kernel/verdict.ts';
import type { Accepted, Allowed } from '../wire/login.ts';

const made = new WeakSet<Admission>();
const key = Symbol('admission');

/**
 * "Let this user in." The responder of login.sock gives status 200 for one of these and for nothing else;
 * a look-alike object is not one.
 */
export class Admission {
  readonly document: Allowed | Accepted;

  constructor(secret: symbol, document: Allowed | Accepted) {
    if (secret !== key) throw new TypeError('an Admission is made by a verdict');
    this.document = document;
    made.add(this);
  }
}

/** Is it a real Admission, made here? */
export function isAdmission(value: unknown): value is Admission {
  return value instanceof Admission && made.has(value);
}

/** Turns a verdict into the value that opens the door. The architecture test lists who may call it. */
export function admit(verdict: Verdict, document: Allowed | Accepted): Admission {
  if (!(verdict instanceof Verdict)) throw new TypeError('only a verdict lets somebody in');
  return new Admission(key, document);
}
