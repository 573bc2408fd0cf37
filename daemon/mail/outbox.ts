// Owns when letters are sent, and who waits to hear what became of one. What is sent lies in the store.

import type { Millis } from '../kernel/instant.ts';
import type { LetterId } from './letter.ts';

/** What became of a letter by the time somebody asked. */
export type Posted = 'sent' | 'queued' | 'failed';

/** What use-cases may ask of it. */
export interface Outbox {
  /** Call after the commit that queued a letter: it is sent now. Returns at once. */
  kick(): void;
  /** What became of the letter; at the latest after `within` (ms), as `queued` where it is still on its way. Never rejects. */
  outcome(id: LetterId, within: Millis): Promise<Posted>;
  /** Tries what waits now, whatever pause it was to keep: the setting has changed. */
  retry(): void;
  /** Begins nothing any more; what is on its way has `within` (ms) to end. */
  close(within: Millis): Promise<void>;
}
