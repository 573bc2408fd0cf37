// Owns what a command is: its page in the help, its flags, and what it runs with.

import type { Admin } from './client.ts';
import type { Io } from './io.ts';
import type { Say } from './say.ts';

/** A flag with a value has `value`, the word that stands for it in the help. */
export interface Flag {
  readonly value?: string;
  readonly required?: boolean;
  /** It may be given several times. */
  readonly many?: true;
  readonly help: string;
}

/** What the help shows of a command. */
export interface Page {
  /** What is typed to get it: `['user', 'reset']`. */
  readonly words: readonly string[];
  /** Whether a user's name belongs to it, or the name of a file. */
  readonly takesName: boolean | 'file';
  /** The word in the help for one more thing that may be typed, e.g. `ADDRESS`. */
  readonly operand?: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** One line for the overview. */
  readonly summary: string;
  /** What a person has to know before using it, a paragraph each. */
  readonly details: readonly string[];
}

export interface Command extends Page {
  /** @returns the exit code. @throws Fault what the person is to be told; the exit code is 1 then (64 for `usage`). */
  run(session: Session): Promise<number>;
}

/** Everything one run of a command works with. */
export interface Session {
  readonly io: Io;
  readonly say: Say;
  readonly admin: Admin;
  /** Whether a program reads the output: one JSON document (or what the command's page says). */
  readonly json: boolean;
  /** The user's name, or '' for a command that takes none. */
  readonly name: string;
  /** The operand, if it was given. */
  readonly operand: string | undefined;
  /** The value of a flag, if it was given. */
  value(flag: string): string | undefined;
  /** Every value of a flag that may be given several times. */
  values(flag: string): readonly string[];
  /** Whether a flag without value was given. */
  given(flag: string): boolean;
  /** What was given with --root. */
  readonly root: string | undefined;
  /**
   * Asks on standard error and reads a line from standard input; undefined at its end. `hidden`: not shown at a terminal.
   */
  ask(question: string, hidden?: boolean): Promise<string | undefined>;
}

/** The flags of every command. */
export const COMMON_FLAGS: Readonly<Record<string, Flag>> = {
  root: { value: 'DIR', help: 'Talk to the daemon that was started with the same --root' },
  json: { help: 'One JSON document instead of text' },
  help: { help: 'Explain the command and do nothing' },
};
