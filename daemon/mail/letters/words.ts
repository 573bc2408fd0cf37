// Owns what a language has to have words for, so that no letter is half in another one.

import type { CodeKind, NoticeDetails, NoticeEvent } from '../letter.ts';

export interface Facts extends NoticeDetails {
  /** What the NAS is called. */
  readonly host: string;
  readonly times: number;
}

export interface Words {
  greeting(name: string): string;
  readonly codes: Readonly<
    Record<
      CodeKind,
      {
        subject(host: string): string;
        /** What the code is for. */
        opening(host: string): string;
        /** What it means if somebody else asked for it, and what to do. */
        readonly notYou: string;
      }
    >
  >;
  /** Where it was asked from and for which service; either may be unknown. */
  asked(address: string | null, service: string | null): string;
  /** @param until a moment in words, UTC */
  valid(minutes: number, until: string): string;
  readonly notices: Readonly<
    Record<
      NoticeEvent,
      { subject(host: string): string; opening(facts: Facts): string; readonly notYou: string }
    >
  >;
  /** When it happened, and what else is known. @param at a moment in words, UTC */
  happened(at: string, facts: Facts): readonly string[];
  signed(host: string, issuer: string): string;
}
