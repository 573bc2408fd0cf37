// Owns the arithmetic of RFC 6238: steps, codes and secrets. otplib computes the codes.

import { generateSync } from 'otplib';
import { type Instant, instant, type Millis } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import { Secret } from '../kernel/secret.ts';

/** The time step X of RFC 6238 §4.1. */
export const PERIOD: Millis = 30_000;

/** RFC 4226 §4, R6: 160 bits are recommended. */
export const SECRET_BYTES = 20;

/** The counter T of RFC 6238 §4.2: whole periods since the epoch. */
export type Step = number;

/** The step that an instant lies in. */
export function stepAt(at: Instant): Step {
  return Math.floor(at / PERIOD);
}

/** The instant a step begins. */
export function stepStart(step: Step): Instant {
  return instant(step * PERIOD);
}

/** The six digits of a step. A step before the epoch has none and matches nothing. */
export function codeAt(secret: Secret, step: Step): string | null {
  if (step < 0) return null;
  return generateSync({ secret: new Uint8Array(secret.reveal()), strategy: 'hotp', counter: step });
}

/** A new shared secret of 160 random bits. */
export function newSecret(random: Random): Secret {
  return new Secret(random(SECRET_BYTES));
}
