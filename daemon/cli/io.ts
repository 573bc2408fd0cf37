// Owns what a command may touch of the world around it; everything comes in through here.

import type { Readable, Writable } from 'node:stream';
import type { SystemView } from '../doctor/view.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import type { Offline } from './offline.ts';

/** A package inside the program. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; the sources do not know it. */
  readonly licence?: string;
}

export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Which of the three is a terminal. */
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** How many columns the terminal has, where that is known; the environment's COLUMNS goes before it. */
  readonly columns: number | undefined;
  /** Of these TERM, NO_COLOR, COLUMNS, LC_ALL, LC_CTYPE and LANG are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What this machine is called. */
  readonly hostname: string;
  /** The version of this program. */
  readonly version: string;
  /** What the doctor looks at. */
  readonly system: SystemView;
  /** Randomness that a key may rest on. */
  readonly random: Random;
  /** What is done to the board of a stopped daemon. */
  readonly offline: Offline;
  /** Node and what Node is made of, by name. */
  readonly runtime: Readonly<Record<string, string | undefined>>;
  /** The npm packages inside. */
  packages(): readonly Component[];
  /** The wall clock: what "3d" counts back from. */
  now(): Instant;
}
