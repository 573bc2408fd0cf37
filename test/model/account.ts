// Owns the model of one account: what DESIGN says of its state, in the simplest words, with no line of the daemon's.

import { codeOf } from '../vectors/truth.ts';
import { START } from './parts.ts';

export const UNIT = (16 * 86_400_000) / 3;
const FULL = 20 * UNIT;
const WAITS = [0, 0, 0, 0, 5_000, 10_000];
const STEP = 30_000;
const DAY = 86_400_000;

export type LaneName = 'strangers' | 'known';

export interface ModelLogin {
  readonly id: string;
  readonly lane: LaneName;
  readonly source: string;
  readonly begun: number;
  accepted: boolean;
  /** Ended by what happened to its user, or by a restart. */
  ended: boolean;
  /** Begun under another policy. */
  changed: boolean;
  paid: number[];
  /** Recovery codes of this login that were wrong. */
  misses: number;
  missedAt: number;
}

export type Expected =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly because: string; readonly form: string; readonly why?: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'fault'; readonly code: string };

interface Half {
  tried: number;
  waiting: Map<string, number>;
}

/** What is typed: codes of these steps, or of none. */
export type Typed = readonly number[] | 'wrong' | 'wrong pair';

/** What a backup holds of an account. */
export interface Saved {
  readonly key: Buffer | null;
  readonly generation: number;
  readonly counter: number;
  readonly keyChanges: number;
  readonly enrolledStep: number;
  readonly lastStep: number;
  readonly earliestStep: number;
  readonly drift: number;
  readonly spent: ReadonlySet<number>;
  readonly burnt: ReadonlySet<number>;
  readonly bucket: number;
  readonly bucketAt: number;
  readonly lanes: Model['lanes'];
  readonly recoveryCodes: readonly string[];
  readonly usedRecoveryCodes: readonly string[];
}

export class Model {
  now: number = START;
  elapsed = 0;
  trusted = false;

  key: Buffer | null = null;
  generation = 0;
  counter = 0;
  enrolledStep = 0;
  lastStep = 0;
  /** Steps before this one never count again; a restore says so, and asks for two codes first. */
  earliestStep = 0;
  pairFirst = false;
  keyChanges = 0;
  drift = 0;
  /** Every step whose code ever opened the door. */
  spent = new Set<number>();
  /** Steps of which somebody was told that they will be right. */
  burnt = new Set<number>();
  bucket = FULL;
  bucketAt = 0;
  lanes = { strangers: { failures: 0, failedAt: 0 }, known: { failures: 0, failedAt: 0 } };
  recoveryCodes: string[] = [];
  usedRecoveryCodes: string[] = [];

  logins: ModelLogin[] = [];
  token: { readonly text: string; readonly generation: number; readonly issued: number } | null = null;
  halves: Record<LaneName, Half> = {
    strangers: { tried: -1, waiting: new Map() },
    known: { tried: -1, waiting: new Map() },
  };

  get step(): number {
    return Math.floor(this.now / STEP);
  }

  /** Lowest and highest step that counts now. */
  get window(): { low: number; high: number; width: number } {
    const low = this.drift === -1 ? -2 : -1;
    const high = this.drift === 1 ? 2 : 1;
    return { low: this.step + low, high: this.step + high, width: high - low + 1 };
  }

  /** Is the browser one that completed a login? A clock far in the future issues nothing that lasts. */
  get knownDevice(): boolean {
    if (this.token?.generation !== this.generation) return false;
    const { issued } = this.token;
    return this.now < issued + 365 * DAY && this.now >= issued - DAY + 1_000;
  }

  get ranAhead(): boolean {
    return this.trusted && this.lastStep > this.window.high + 1;
  }

  #refill(): number {
    return Math.min(FULL, this.bucket + Math.max(0, this.now - this.bucketAt));
  }

  /** A clock that swings credits nothing twice. */
  #credited(): void {
    this.bucketAt = Math.max(this.now, this.bucketAt);
  }

  demand(lane: LaneName): { form: string; wait: number; suspended: boolean } {
    const single = !this.pairFirst && !this.ranAhead && this.#refill() >= this.window.width * UNIT;
    const { failures, failedAt } = this.lanes[lane];
    const since = this.now - failedAt;
    const wait = since < 0 ? 0 : Math.max(0, (WAITS[failures] ?? 20_000) - since);
    const suspended = lane === 'strangers' && failures >= 100;
    return { form: single ? 'single' : 'pair', wait: single ? wait : 0, suspended };
  }

  textOf(typed: Typed): string {
    if (typed === 'wrong') return this.#wrong();
    if (typed === 'wrong pair') return `${this.#wrong()} ${this.#wrong()}`;
    return typed.map((step) => codeOf(this.key as Buffer, step)).join(' ');
  }

  #wrong(): string {
    const right = new Set<string>();
    for (let step = this.step - 130; step <= this.step + 30; step++)
      right.add(codeOf(this.key as Buffer, step));
    for (let n = 0; ; n++) {
      const code = String(n).padStart(6, '0');
      if (!right.has(code)) return code;
    }
  }

  begun(id: string, lane: LaneName, source: string): void {
    const nothing = { accepted: false, ended: false, changed: false, paid: [], misses: 0, missedAt: 0 };
    this.logins.push({ id, lane, source, begun: this.elapsed, ...nothing });
  }

  enrolled(key: Buffer, step: number, recoveryCodes: readonly string[]): void {
    this.key = key;
    this.generation++;
    this.counter++;
    this.enrolledStep = step;
    this.lastStep = step;
    this.earliestStep = 0;
    this.pairFirst = false;
    this.drift = step - this.step;
    this.spent = new Set([step]);
    this.burnt = new Set();
    this.forgiven();
    this.recoveryCodes = [...recoveryCodes];
    this.usedRecoveryCodes = [];
  }

  forgiven(): void {
    this.bucket = FULL;
    this.bucketAt = this.now;
    for (const lane of ['strangers', 'known'] as const)
      this.lanes[lane] = { failures: 0, failedAt: this.now };
  }

  /** Password changed, factor reset: what was issued before is over. */
  movesOn(): void {
    this.generation++;
    this.counter++;
    this.ends();
  }

  ends(): void {
    for (const login of this.logins) login.ended = true;
  }

  forgets(): void {
    this.ends();
    for (const lane of ['strangers', 'known'] as const) this.halves[lane] = { tried: -1, waiting: new Map() };
  }

  saved(): Saved {
    const {
      key,
      generation,
      counter,
      keyChanges,
      enrolledStep,
      lastStep,
      earliestStep,
      drift,
      bucket,
      bucketAt,
    } = this;
    return {
      ...{
        key,
        generation,
        counter,
        keyChanges,
        enrolledStep,
        lastStep,
        earliestStep,
        drift,
        bucket,
        bucketAt,
      },
      spent: new Set(this.spent),
      burnt: new Set(this.burnt),
      lanes: structuredClone(this.lanes),
      recoveryCodes: [...this.recoveryCodes],
      usedRecoveryCodes: [...this.usedRecoveryCodes],
    };
  }

  /** Only what begins later counts, two codes are asked for, and what may have been spent since is over. */
  restored(saved: Saved): void {
    const sameKey = saved.keyChanges === this.keyChanges;
    const since = sameKey ? Math.max(0, this.counter - saved.counter) : 0;
    const { key, keyChanges, enrolledStep, lastStep, drift, bucket, bucketAt } = saved;
    Object.assign(this, { key, keyChanges, enrolledStep, lastStep, drift, bucket, bucketAt });
    this.counter = saved.counter + since + 1;
    this.generation = saved.generation + since + 1;
    this.spent = new Set(saved.spent);
    this.burnt = new Set(saved.burnt);
    this.lanes = structuredClone(saved.lanes);
    const codesCount = sameKey && since === 0;
    this.recoveryCodes = codesCount ? [...saved.recoveryCodes] : [];
    this.usedRecoveryCodes = codesCount
      ? [...saved.usedRecoveryCodes]
      : [...saved.usedRecoveryCodes, ...saved.recoveryCodes];
    this.earliestStep = Math.max(saved.earliestStep, this.step + 1);
    this.pairFirst = true;
    this.token = null;
    this.forgets();
  }

  /** What an answer must come to; `waited` is what the real one did where the order of a queue decides. */
  answer(id: string, typed: Typed, waited: boolean): Expected {
    const login = this.logins.find((one) => one.id === id);
    if (!login || login.ended || this.elapsed - login.begun >= 900_000)
      return { kind: 'fault', code: 'unknown-login' };
    if (login.accepted) return { kind: 'refused', because: 'used-code', form: 'single' };
    if (login.changed) return { kind: 'refused', because: 'login-changed', form: 'single' };
    const { lane } = login;
    const { form, wait, suspended } = this.demand(lane);
    if (suspended) return { kind: 'refused', because: 'totp-suspended', form };
    const count = typed === 'wrong' ? 1 : typed === 'wrong pair' ? 2 : typed.length;
    if (count < (form === 'single' ? 1 : 2)) return { kind: 'refused', because: 'form-required', form };
    if (count === 1 && wait > 0) return { kind: 'wait' };
    if (count > 1 && this.#mustWait(login, waited)) return { kind: 'wait' };
    return this.#judge(login, typed, count);
  }

  /** One try a slot in each half; who waits alone goes first. Otherwise the queue decides, which has its own tests. */
  #mustWait({ id, lane }: ModelLogin, waited: boolean): boolean {
    const half = this.halves[lane];
    const slot = Math.floor(this.elapsed / STEP);
    for (const [login, seen] of half.waiting) if (slot - seen >= 30) half.waiting.delete(login);
    const others = [...half.waiting.keys()].some((login) => login !== id);
    const waits = half.tried === slot || (others && waited);
    if (waits) half.waiting.set(id, slot);
    else {
      half.tried = slot;
      half.waiting.delete(id);
    }
    return waits;
  }

  #judge(login: ModelLogin, typed: Typed, count: number): Expected {
    const { low, high, width } = this.window;
    const steps = typeof typed === 'string' ? [] : typed;
    // A clock in the future said when the restore was; now it is known that this is later.
    if (this.trusted) this.earliestStep = Math.min(this.earliestStep, this.step + 1);
    const last = steps.at(-1) ?? 0;
    const inARow = steps.length > 0 && steps.every((step, i) => step === last - steps.length + 1 + i);
    if (inARow && last >= low && last <= high) {
      const heals = this.ranAhead && count > 1;
      // Healing forgets how far ahead the last step was, never what has been spent.
      const come = Math.max(-1, ...[...this.spent, ...this.burnt].filter((step) => step <= high));
      const over = heals ? come : this.lastStep;
      const free = steps.every(
        (step) => step >= this.earliestStep && step > over && !this.spent.has(step) && !this.burnt.has(step),
      );
      return free
        ? this.#accept(login, steps, last)
        : this.#fail(login, 'used-code', 0, this.#justEnrolled(last));
    }
    if (count === 1 && steps.length === 1) {
      const offset = last - this.step;
      if (offset < 0 && offset >= -120) return this.#fail(login, 'wrong-code', 0, 'phone-slow');
      if (offset > 0 && offset <= 20) {
        this.burnt.add(last);
        return this.#fail(login, 'wrong-code', width, 'phone-fast');
      }
    }
    return this.#fail(login, 'wrong-code', count === 1 ? width : 0);
  }

  #justEnrolled(step: number): string | undefined {
    return step === this.enrolledStep && this.lastStep === step ? 'just-enrolled' : undefined;
  }

  #accept(login: ModelLogin, steps: readonly number[], last: number): Expected {
    for (const step of steps) this.spent.add(step);
    const offset = last - this.step;
    this.drift = Math.max(-1, Math.min(1, this.drift + Math.sign(offset - this.drift)));
    this.lastStep = last;
    this.pairFirst = false;
    this.#succeeded(login);
    return { kind: 'accepted' };
  }

  #succeeded(login: ModelLogin): void {
    const refund = login.paid.filter((units) => units > 0).slice(0, 5);
    this.bucket = Math.min(FULL, this.#refill() + refund.reduce((sum, units) => sum + units, 0) * UNIT);
    this.#credited();
    if (!this.demand(login.lane).suspended) this.lanes[login.lane] = { failures: 0, failedAt: this.now };
    login.accepted = true;
  }

  #fail(login: ModelLogin, because: string, cost: number, why?: string): Expected {
    this.bucket = Math.max(0, this.#refill() - cost * UNIT);
    this.#credited();
    this.lanes[login.lane] = { failures: this.lanes[login.lane].failures + 1, failedAt: this.now };
    login.paid.push(cost);
    const { form } = this.demand(login.lane);
    return { kind: 'refused', because, form, ...(why === undefined ? {} : { why }) };
  }

  recover(id: string, code: string): Expected {
    const login = this.logins.find((one) => one.id === id);
    if (!login || login.ended || this.elapsed - login.begun >= 900_000)
      return { kind: 'fault', code: 'unknown-login' };
    if (login.accepted) return { kind: 'refused', because: 'used-code', form: 'single' };
    if (login.changed) return { kind: 'refused', because: 'login-changed', form: 'single' };
    // Nobody guesses these, but each miss is written down: after ten in one login they come slowly.
    if (login.misses >= 10 && this.elapsed < login.missedAt + 5_000) return { kind: 'wait' };
    if (!this.recoveryCodes.includes(code)) {
      login.misses++;
      login.missedAt = this.elapsed;
      return { kind: 'refused', because: 'wrong-code', form: this.demand(login.lane).form };
    }
    this.recoveryCodes = this.recoveryCodes.filter((one) => one !== code);
    this.usedRecoveryCodes.push(code);
    this.counter++;
    this.#succeeded(login);
    return { kind: 'accepted' };
  }
}
