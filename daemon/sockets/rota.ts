// Owns whose request is taken up next: every user in turn, so that a flood of one's requests is a queue of his own.

/**
 * How many are taken up in one turn of the event loop. So long does a request of somebody else wait at most, a few
 * milliseconds; and so many share a commit, which is most of what sharing gains.
 */
const A_TURN = 16;

export class Rota {
  /** In the order in which they come next. */
  readonly #queues = new Map<number, (() => void)[]>();
  #left = A_TURN;
  #turning = false;

  /** Takes `work` of user `uid` up: at once, or as soon as it is his turn. */
  take(uid: number, work: () => void): void {
    this.#turn();
    if (this.#queues.size === 0 && this.#left > 0) {
      this.#left--;
      work();
      return;
    }
    const queue = this.#queues.get(uid);
    if (queue) queue.push(work);
    else this.#queues.set(uid, [work]);
  }

  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      this.#left = A_TURN;
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#left > 0) {
      const [next] = this.#queues;
      if (next === undefined) return;
      const [uid, queue] = next;
      this.#queues.delete(uid);
      const work = queue.shift();
      if (queue.length > 0) this.#queues.set(uid, queue);
      this.#left--;
      work?.();
    }
    if (this.#queues.size > 0) this.#turn();
  }
}
