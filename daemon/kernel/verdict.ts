// Owns the proof that something was decided in somebody's favour. Only what judges may make one.

/** What was in somebody's favour. */
export type Ground =
  | 'spent-code'
  | 'recovery-code'
  | 'mailed-code'
  | 'enrolled'
  | 'redeemed'
  | 'trusted-device'
  | 'policy';

/** Nominal: a look-alike object is not one. The architecture test lists who may make them. */
export class Verdict {
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get ground(): Ground {
    return this.#ground;
  }
}
