// Owns the contract of web.sock: the second-step page's calls. Where login.sock says 200, this socket says 202.

import * as v from 'valibot';
import { clockFace } from './clock.ts';
import { contract } from './contract.ts';
import { answerBody, confirmBody, enrolmentOffer, loginBody, loginContract, refused, wait } from './login.ts';
import { identifier } from './shapes.ts';

/** The login is over; the browser carries `proof` to the pipeline, which redeems it. */
const completed = v.object({
  outcome: v.literal('completed'),
  proof: identifier,
  recoveryCodes: v.optional(v.array(v.string())),
});

export const webContract = contract({
  answer: {
    method: 'POST',
    path: '/api/v1/second-step/answer',
    summary: 'The second step, typed on the daemon’s own page',
    body: answerBody,
    replies: { 202: completed, 403: refused, 429: wait },
  },
  clock: {
    method: 'GET',
    path: '/api/v1/second-step/clock',
    summary: 'The time of this NAS and of the network, to hold against the browser’s',
    replies: { 202: clockFace },
  },
  emergencyMail: { ...loginContract.emergencyMail, path: '/api/v1/second-step/emergency-mail' },
  enrol: {
    method: 'POST',
    path: '/api/v1/second-step/enrol',
    summary: 'Enrol on the page: a new secret',
    body: loginBody,
    replies: { 201: enrolmentOffer, 403: refused },
  },
  confirm: {
    method: 'POST',
    path: '/api/v1/second-step/enrol/confirm',
    summary: 'The first code of the new secret, typed on the page',
    body: confirmBody,
    replies: { 202: completed, 403: refused, 429: wait },
  },
});

export type WebContract = typeof webContract;
