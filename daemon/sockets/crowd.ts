// Owns who gives way when every connection is taken. Pure: it knows users and states, not sockets.

/**
 * What a connection is doing. `idle`: nothing has come, or all is answered; `reading`: a request is on its way;
 * `answering`: a whole request is being worked on.
 */
export type SeatState = 'idle' | 'reading' | 'answering';

/** A connection as the crowd sees it. `since` rises with every change of state. */
export interface Occupant {
  readonly uid: number;
  readonly state: SeatState;
  readonly since: number;
}

const ROOT = 0;

function oldest<O extends Occupant>(occupants: readonly O[]): O | undefined {
  return occupants.reduce<O | undefined>(
    (found, one) => (found === undefined || one.since < found.since ? one : found),
    undefined,
  );
}

/**
 * The connection that makes room for a newcomer of user `uid` when `seats` connections are taken; `undefined`
 * refuses the newcomer. In this order: the longest idle one of the heaviest user; the oldest incomplete request
 * of a user who holds more than the newcomer's would; the oldest request of a user who holds more than half.
 * Whoever would hold more than half, root excepted, may only replace an idle connection of his own.
 */
export function whoGivesWay<O extends Occupant>(
  occupants: Iterable<O>,
  uid: number,
  seats: number,
): O | undefined {
  const all = [...occupants];
  const held = new Map<number, number>();
  for (const one of all) held.set(one.uid, (held.get(one.uid) ?? 0) + 1);
  const after = (held.get(uid) ?? 0) + 1;
  const idle = all.filter((one) => one.state === 'idle');
  if (uid !== ROOT && after > seats / 2) return oldest(idle.filter((one) => one.uid === uid));

  const weight = (one: O) => held.get(one.uid) ?? 0;
  const heaviest = (from: readonly O[]) => {
    const most = Math.max(...from.map(weight));
    const ofThem = from.filter((one) => weight(one) === most);
    const own = ofThem.filter((one) => one.uid === uid);
    return oldest(own.length > 0 ? own : ofThem);
  };
  const others = all.filter((one) => one.uid !== uid && one.uid !== ROOT);
  return (
    heaviest(idle) ??
    heaviest(others.filter((one) => one.state === 'reading' && weight(one) > after)) ??
    heaviest(others.filter((one) => one.state !== 'idle' && weight(one) > seats / 2))
  );
}
