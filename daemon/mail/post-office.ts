// Owns the rounds of the outbox: which letter is tried when, how many at once, and who is told.

import { MINUTE, type Millis } from '../kernel/instant.ts';
import type { MailFailure } from '../wire/mail.ts';
import { pauseAfter } from './backoff.ts';
import { type Delivery, deliver, finish } from './deliver.ts';
import type { Lane, LetterId } from './letter.ts';
import type { Outbox, Posted } from './outbox.ts';
import type { MailParts } from './prepare.ts';
import { mailConfigured } from './queue.ts';
import { recover } from './recover.ts';
import type { Try } from './settle.ts';

/** Letters that are sent at the same time: one slow recipient's server must not hold up a code. */
const AT_ONCE = 3;

/** How long a store that cannot be read is left alone. */
const STORE_AWAY: Millis = MINUTE;

interface Waiting {
  readonly tries: number;
  /** Elapsed time. */
  readonly due: Millis;
  /** A try that could not be written down. */
  readonly open: Try | null;
}

/** Tries are in memory: after a start everything is due, which is what a person who waits would want. */
export class PostOffice implements Outbox {
  readonly #parts: MailParts;
  readonly #busy = new Map<LetterId, Promise<void>>();
  readonly #waiting = new Map<LetterId, Waiting>();
  readonly #asking = new Map<LetterId, Set<(posted: Posted) => void>>();
  #timer: NodeJS.Timeout | undefined;
  #planned = false;
  #recovered = false;
  #closed = false;

  constructor(parts: MailParts) {
    this.#parts = parts;
  }

  kick(): void {
    if (this.#planned || this.#closed) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      void this.#round();
    });
  }

  retry(): void {
    for (const [id, waiting] of this.#waiting) this.#waiting.set(id, { ...waiting, due: 0 });
    this.kick();
  }

  outcome(id: LetterId, within: Millis): Promise<Posted> {
    const standing = this.#standing(id);
    if (standing !== 'queued') return Promise.resolve(standing);
    const { promise, resolve } = Promise.withResolvers<Posted>();
    const asking = this.#asking.get(id) ?? new Set();
    this.#asking.set(id, asking.add(resolve));
    const timer = setTimeout(resolve, within, 'queued' as const);
    return promise.finally(() => {
      clearTimeout(timer);
      asking.delete(resolve);
      if (asking.size === 0) this.#asking.delete(id);
    });
  }

  async close(within: Millis): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#busy.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, within);
    await Promise.race([Promise.all(this.#busy.values()), promise]);
    clearTimeout(timer);
  }

  #standing(id: LetterId): Posted {
    try {
      const state = this.#parts.state.read((t) => t.letters.stateOf(id));
      return state === 'sending' ? 'queued' : state;
    } catch {
      return 'queued';
    }
  }

  /** Starts what is due, and sees to it that there is another round. Never rejects. */
  async #round(): Promise<void> {
    const { state, clock } = this.#parts;
    try {
      if (!this.#recovered) await recover(this.#parts);
      this.#recovered = true;
      const queued = state.read((t) => (mailConfigured(t) ? t.letters.queued() : []));
      const unfinished = [...this.#waiting].filter(([, { open }]) => open !== null);
      const known = new Set([...queued.map(({ id }) => id), ...unfinished.map(([id]) => id)]);
      for (const id of this.#waiting.keys()) if (!known.has(id)) this.#waiting.delete(id);
      const lanes = new Map(queued.map(({ id, lane }) => [id, lane]));
      for (const id of known) {
        if (this.#busy.size >= AT_ONCE) break;
        const due = this.#waiting.get(id)?.due ?? 0;
        if (this.#closed || this.#busy.has(id) || due > clock.elapsed()) continue;
        this.#start(id, lanes.get(id) ?? 'notice');
      }
    } catch {
      // The store is away; health says so, and what is queued is still there when it comes back.
      this.#later(STORE_AWAY);
      return;
    }
    this.#plan();
  }

  #start(id: LetterId, lane: Lane): void {
    const work = this.#try(id, lane).finally(() => {
      this.#busy.delete(id);
      this.kick();
    });
    this.#busy.set(id, work);
  }

  async #try(id: LetterId, lane: Lane): Promise<void> {
    const before = this.#waiting.get(id);
    const tries = (before?.tries ?? 0) + 1;
    let delivery: Delivery | null = null;
    try {
      delivery = before?.open ? await finish(this.#parts, before.open) : await deliver(this.#parts, id);
    } catch {
      // Nothing was sent; the store could not be written or read.
    }
    if (delivery !== null && delivery.settled !== 'again') {
      this.#waiting.delete(id);
      this.#tell(id, delivery.settled);
      return;
    }
    const failure = (delivery?.ending?.code ?? null) as MailFailure | null;
    const due = this.#parts.clock.elapsed() + pauseAfter(tries, lane, failure);
    this.#waiting.set(id, { tries, due, open: delivery?.open ?? null });
    this.#tell(id, delivery?.open?.outcome === 'done' ? 'sent' : 'queued');
  }

  #tell(id: LetterId, posted: Posted): void {
    for (const resolve of this.#asking.get(id) ?? []) resolve(posted);
  }

  /** The next round, when the first of those that wait is due. */
  #plan(): void {
    const due = [...this.#waiting].filter(([id]) => !this.#busy.has(id)).map(([, waiting]) => waiting.due);
    clearTimeout(this.#timer);
    if (due.length === 0 || this.#busy.size >= AT_ONCE) return;
    this.#later(Math.max(0, Math.min(...due) - this.#parts.clock.elapsed()));
  }

  #later(pause: Millis): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.kick(), pause).unref();
  }
}
