// Owns when a helper leaves: after so long without a connection. Its socket stays with systemd, which starts it again.

import type { Millis } from '../kernel/instant.ts';

export interface Idle {
  /** To be told how many connections there are, whenever that changes. */
  readonly counted: (connections: number) => void;
  /** Resolves when there has been none for so long. */
  readonly left: Promise<void>;
}

/**
 * Watches the connections, from now on.
 * @param leave is called in the same turn of the event loop in which nobody is connected, so that nobody who is accepted
 * is ever cut off.
 */
export function whenIdle(after: Millis, leave: () => void): Idle {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    leave();
    resolve();
  };
  let timer: NodeJS.Timeout | undefined = setTimeout(end, after);
  return {
    counted: (connections) => {
      clearTimeout(timer);
      timer = connections === 0 ? setTimeout(end, after) : undefined;
    },
    left: promise,
  };
}
