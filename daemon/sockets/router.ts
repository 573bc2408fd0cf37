// Owns how a method and a URL lead to an operation of a contract.

import { Fault } from '../kernel/fault.ts';
import type { Contract, Operation } from '../wire/contract.ts';

/** Where a request leads. `params` are decoded but not yet checked. */
export interface Route {
  readonly id: string;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  /** What follows the question mark, undecoded; empty where nothing does. */
  readonly query: string;
}

/** A path that exists, but not with this method. */
export interface OtherMethods {
  readonly allow: string;
}

export type Router = (method: string, url: string) => Route | OtherMethods | undefined;

interface Entry {
  readonly id: string;
  readonly operation: Operation;
}

interface Place {
  readonly segments: readonly string[];
  readonly entries: Map<string, Entry>;
}

const NAMED = /^\{(\w+)\}$/;

/** One segment, percent-decoded (RFC 3986 §2.1). @throws Fault `malformed-request`. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Fault(
      'malformed-request',
      'The path has a percent sign that no valid UTF-8 escape follows.',
      'Escape each segment of the path as RFC 3986 says.',
    );
  }
}

function fit(place: Place, segments: readonly string[]): Record<string, string> | undefined {
  if (place.segments.length !== segments.length) return undefined;
  const params: Record<string, string> = Object.create(null);
  for (const [index, pattern] of place.segments.entries()) {
    const segment = segments[index] ?? '';
    const name = NAMED.exec(pattern)?.[1];
    if (name === undefined ? pattern !== segment : segment === '') return undefined;
    if (name !== undefined) params[name] = segment;
  }
  return params;
}

function decodeAll(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const decoded: Record<string, string> = Object.create(null);
  for (const [name, segment] of Object.entries(params)) decoded[name] = decode(segment);
  return decoded;
}

const NONE: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/**
 * The router of a contract. A path without names is compared as it came: no decoding, no dot segments, no
 * trailing slash, so that one operation has one address. A name takes one segment, which is decoded once.
 */
export function routerOf(contract: Contract): Router {
  const places = new Map<string, Place>();
  for (const [id, operation] of Object.entries(contract)) {
    const place = places.get(operation.path) ?? {
      segments: operation.path.split('/'),
      entries: new Map<string, Entry>(),
    };
    place.entries.set(operation.method, { id, operation });
    places.set(operation.path, place);
  }
  const patterns = [...places.values()].filter((place) => place.segments.some((part) => NAMED.test(part)));

  const find = (path: string): [Place, Readonly<Record<string, string>>] | undefined => {
    const exact = places.get(path);
    if (exact !== undefined && !patterns.includes(exact)) return [exact, NONE];
    const segments = path.split('/');
    for (const place of patterns) {
      const params = fit(place, segments);
      if (params !== undefined) return [place, params];
    }
    return undefined;
  };

  return (method, url) => {
    const mark = url.indexOf('?');
    const found = find(mark === -1 ? url : url.slice(0, mark));
    if (found === undefined) return undefined;
    const [place, params] = found;
    const entry = place.entries.get(method);
    if (entry === undefined) return { allow: [...place.entries.keys()].join(', ') };
    return { ...entry, params: decodeAll(params), query: mark === -1 ? '' : url.slice(mark + 1) };
  };
}
