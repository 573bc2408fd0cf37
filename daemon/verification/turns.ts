// Owns whose turn it is when two or three codes are asked for: few tries in all, and a fair share for each source.

import { isIP, isIPv4 } from 'node:net';
import { MINUTE, type Millis, SECOND } from '../kernel/instant.ts';
import type { Lane } from './throttle.ts';

/** One try in each half of the door (strangers; known devices and sessions) per slot: two an account in all. */
export const PAIR_SLOT: Millis = 30 * SECOND;
/** On a board that has lost the time, where three codes are searched for in 90 days. */
export const TRIPLE_SLOT: Millis = MINUTE;

/** Whoever is first has this share of a slot before the next in line may take it. */
const HEAD_START = 1 / 3;
const PLACES = 64;
const PLACES_A_SOURCE = 4;
const PLACE_LIVES: Millis = 15 * MINUTE;

interface Place {
  readonly login: string;
  readonly source: string;
  /** The last slot in which this place asked; one that stays away loses it. */
  seen: number;
}

interface Queue {
  /** The slot of the last try, -1 for none. */
  tried: number;
  /** The slot of each source's last try, so that sources take turns. */
  served: Map<string, number>;
  places: Place[];
}

export type Turn = { readonly go: true } | { readonly go: false; readonly retryAfter: Millis };

/**
 * The turns of every account, in memory. A restart forgets them, which costs an attacker a restart for one
 * extra try; what bounds guessing in a year is the slot.
 */
export class Turns {
  readonly #queues = new Map<string, Queue>();
  readonly #slot: Millis;

  constructor(slot: Millis) {
    this.#slot = slot;
  }

  /** Asks for a try. `at`: elapsed time in ms. `source`: see `sourceOf`. A refusal keeps the login's place. */
  ask(account: number, lane: Lane, source: string, login: string, at: Millis): Turn {
    const half = lane === 'strangers' ? 'strangers' : 'known';
    const queue = this.#queue(`${account}:${half}`, at);
    const slot = Math.floor(at / this.#slot);
    const into = at - slot * this.#slot;
    this.#forget(queue, slot);

    enter(queue, { login, source, seen: slot });
    const order = inTurn(queue);
    const mine = order.findIndex((place) => place.login === login);
    const position = mine >= 0 ? mine : order.length;
    const free = queue.tried !== slot;
    // Places further back come in later in the slot, so that an absent first does not waste it.
    if (free && into >= this.#slot * Math.min(position * HEAD_START, 1 - HEAD_START)) {
      queue.tried = slot;
      queue.served.set(source, slot);
      queue.places = queue.places.filter((place) => place.login !== login);
      return { go: true };
    }
    const slots = free ? position : position + 1;
    return { go: false, retryAfter: Math.max(SECOND, slots * this.#slot - into) };
  }

  #queue(key: string, at: Millis): Queue {
    if (this.#queues.size > 1024) this.#sweep(Math.floor(at / this.#slot));
    let queue = this.#queues.get(key);
    if (!queue) {
      queue = { tried: -1, served: new Map(), places: [] };
      this.#queues.set(key, queue);
    }
    return queue;
  }

  #forget(queue: Queue, slot: number): void {
    queue.places = queue.places.filter(({ seen }) => this.#lives(seen, slot));
    for (const [source, at] of queue.served) if (!this.#lives(at, slot)) queue.served.delete(source);
  }

  #lives(since: number, slot: number): boolean {
    return (slot - since) * this.#slot < PLACE_LIVES;
  }

  #sweep(slot: number): void {
    for (const [key, queue] of this.#queues) {
      const waiting = queue.places.some(({ seen }) => this.#lives(seen, slot));
      if (queue.tried !== slot && !waiting) this.#queues.delete(key);
    }
  }
}

/**
 * An address; /64 for IPv6, because one subscriber has that many. None given counts as one source, and so does
 * everything that is no address: a port or a host name behind it would make as many sources as somebody likes.
 */
export function sourceOf(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return 'none';
  const address = remoteAddress.toLowerCase().replace(/^\[|\]$|%.*$/g, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (mapped) return mapped[1] as string;
  if (isIP(address) === 0) return 'none';
  if (isIPv4(address)) return address;
  return `${expand(address).slice(0, 4).join(':')}::/64`;
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].map((group) => group.replace(/^0+(?=.)/, ''));
}

/** Round-robin over sources, the one that was served longest ago first; first come first served within one. */
function inTurn(queue: Queue): Place[] {
  const bySource = new Map<string, Place[]>();
  for (const place of queue.places) {
    const list = bySource.get(place.source) ?? [];
    list.push(place);
    bySource.set(place.source, list);
  }
  const lists = [...bySource.entries()]
    .sort(([a], [b]) => (queue.served.get(a) ?? -1) - (queue.served.get(b) ?? -1))
    .map(([, list]) => list);
  const order: Place[] = [];
  for (let round = 0; order.length < queue.places.length; round++) {
    for (const list of lists) {
      const place = list[round];
      if (place) order.push(place);
    }
  }
  return order;
}

/** Keeps a login's place, or gives it one at its source's end. Where all are taken, who has most gives one up. */
function enter(queue: Queue, place: Place): void {
  const known = queue.places.find(({ login }) => login === place.login);
  if (known) {
    known.seen = place.seen;
    return;
  }
  const mine = queue.places.filter(({ source }) => source === place.source).length;
  if (mine >= PLACES_A_SOURCE) return;
  if (queue.places.length >= PLACES) {
    const bySource = [...Map.groupBy(queue.places, ({ source }) => source).values()];
    const heaviest = bySource.reduce((most, list) => (list.length > most.length ? list : most));
    if (heaviest.length <= mine + 1) return;
    queue.places.splice(queue.places.indexOf(heaviest.at(-1) as Place), 1);
  }
  queue.places.push(place);
}
