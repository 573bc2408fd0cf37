// Owns the contracts of the helpers' sockets. What a helper answers is read by the core as hostile input, by wire/time.ts and wire/mail.ts.

import * as v from 'valibot';
import { contract } from './contract.ts';
import { mailRequest } from './mail.ts';

const server = v.strictObject({
  host: v.pipe(v.string(), v.minLength(1), v.maxLength(253)),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
});

export const timeContract = contract({
  measure: {
    method: 'POST',
    path: '/v1/measure',
    summary: 'Asks each server once, and the kernel',
    body: v.strictObject({ servers: v.pipe(v.array(server), v.maxLength(16)) }),
    replies: { 200: v.unknown() },
  },
});
export type TimeContract = typeof timeContract;

export const setClockContract = contract({
  set: {
    method: 'POST',
    path: '/v1/set',
    summary: 'Sets the system clock and the real-time clock',
    /** True time minus elapsed time, ms. */
    body: v.strictObject({ epoch: v.pipe(v.number(), v.finite()) }),
    replies: { 200: v.unknown() },
  },
  automatic: {
    method: 'POST',
    path: '/v1/automatic',
    summary: 'Switches the automatic synchronisation of the system clock',
    body: v.strictObject({ on: v.boolean() }),
    replies: { 200: v.unknown() },
  },
});
export type SetClockContract = typeof setClockContract;

export const mailContract = contract({
  handle: {
    method: 'POST',
    path: '/v1/handle',
    summary: 'Sends one letter, signs in, or speaks to the provider of an authorisation',
    body: mailRequest,
    /** A letter in two forms and a private server's certificates. */
    mostBytes: 256 * 1024,
    replies: { 200: v.unknown() },
  },
});
export type MailContract = typeof mailContract;
