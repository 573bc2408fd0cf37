// Owns the guard of web.sock: no request of another site, and nobody but whom the gateway names.

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Fault } from '../kernel/fault.ts';
import { authorise, type Caller } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import type { Operation } from '../wire/contract.ts';
import type { Guard } from './app.ts';
import { requireJson } from './body.ts';

/** Finds out who asks and whether he may, before a body is read. */
export function webGuard(parts: Parts): Guard {
  return async (operation, id, request): Promise<Caller | undefined> => {
    const { role } = operation;
    if (operation.method !== 'GET') refuseOtherSites(operation, request);
    // The ID of an open login, in the body, is known to nobody else.
    if (role === 'login') return undefined;
    if (role !== 'user' && role !== 'administrator') throw unguarded();
    return authorise(parts, {
      name: remoteUser(request),
      address: addressOf(request),
      stepUp: single(request, 'x-step-up'),
      operation: id,
      role,
      needsStepUp: operation.stepUp === true,
    });
  };
}

/**
 * A page of another site can make a browser send a request with the session's cookie, but it cannot choose these
 * headers. Browsers send Origin with whatever changes state; where a session stands behind the request one of the two
 * has to be there, and a form, which cannot send JSON, is refused by its type.
 */
function refuseOtherSites({ role }: Operation, request: IncomingMessage): void {
  const { 'sec-fetch-site': site, origin } = request.headersDistinct;
  if (site && !(site.length === 1 && site[0] === 'same-origin')) throw crossSite();
  if (origin && !(origin.length === 1 && isOwnOrigin(origin[0] ?? '', request.headers.host)))
    throw crossSite();
  if (role === 'login') return;
  if (!site && !origin) throw crossSite();
  requireJson(request);
}

/** Does it name the host that the browser asked? The gateway passes Host on as it came. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const url = URL.parse(origin);
  if (!url || !/^https?:$/.test(url.protocol) || host === undefined) return false;
  // Through the same parser, so that a default port that is written out is the same place.
  return URL.parse(`${url.protocol}//${host}`)?.host === url.host;
}

/** @throws Fault `no-identity` unless the gateway named exactly one. */
function remoteUser(request: IncomingMessage): string {
  const name = single(request, 'remote-user');
  const text = name === undefined ? '' : utf8(name);
  if (text === '' || text.length > 256 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}:/]/u.test(text)) throw noIdentity();
  return text;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Node reads headers as Latin-1; names are UTF-8. */
function utf8(header: string): string {
  try {
    return decoder.decode(Buffer.from(header, 'latin1'));
  } catch {
    return '';
  }
}

function addressOf(request: IncomingMessage): string | null {
  const address = single(request, 'x-real-ip');
  return address !== undefined && isIP(address) !== 0 ? address : null;
}

/** The value of a header that came exactly once. */
function single(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name];
  return values?.length === 1 ? values[0] : undefined;
}

function noIdentity(): Fault {
  return new Fault(
    'no-identity',
    'The gateway did not name one signed-in user (the header Remote-User: exactly once, not empty).',
    'Sign in first. For who sets up the gateway: see docs/INTEGRATION.md.',
  );
}

function crossSite(): Fault {
  return new Fault(
    'cross-site',
    'This request does not come from a page of this NAS, so it was not carried out.',
    'Use the pages of the NAS itself. A program sends the header Origin with the address it asks.',
  );
}

function unguarded(): Fault {
  return new Fault('internal', 'An operation of web.sock says nobody may use it.', 'Report this.');
}
