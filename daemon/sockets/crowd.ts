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

/** Somebody who has begun to speak. `whole`: a request has come to its last byte. */
export interface Newcomer {
  readonly uid: number;
  readonly whole: boolean;
}

/**
 * The connection that makes room for a newcomer when `seats` connections are taken; `undefined`: none does at
 * present. In this order: the longest idle one of the heaviest user; the oldest incomplete request of a user who holds
 * more than the newcomer's would; the oldest request of a user who holds more than half; for a whole request the
 * oldest incomplete one of his own. Whoever would hold more than half, root excepted, may only replace one of his own.
 */
export function whoGivesWay<O extends Occupant>(
  occupants: Iterable<O>,
  { uid, whole }: Newcomer,
  seats: number,
): O | undefined {
  const all = [...occupants];
  const held = new Map<number, number>();
  for (const one of all) held.set(one.uid, (held.get(one.uid) ?? 0) + 1);
  const after = (held.get(uid) ?? 0) + 1;
  const idle = all.filter((one) => one.state === 'idle');
  const own = all.filter((one) => one.uid === uid);
  const incomplete = () => (whole ? oldest(own.filter((one) => one.state === 'reading')) : undefined);
  if (uid !== ROOT && after > seats / 2)
    return oldest(own.filter((one) => one.state === 'idle')) ?? incomplete();

  const weight = (one: O) => held.get(one.uid) ?? 0;
  const heaviest = (from: readonly O[]) => {
    const most = Math.max(...from.map(weight));
    const ofThem = from.filter((one) => weight(one) === most);
    const mine = ofThem.filter((one) => one.uid === uid);
    return oldest(mine.length > 0 ? mine : ofThem);
  };
  const others = all.filter((one) => one.uid !== uid && one.uid !== ROOT);
  return (
    heaviest(idle) ??
    heaviest(others.filter((one) => one.state === 'reading' && weight(one) > after)) ??
    heaviest(others.filter((one) => one.state !== 'idle' && weight(one) > seats / 2)) ??
    incomplete()
  );
}
