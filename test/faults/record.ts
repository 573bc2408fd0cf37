// Owns the record of what a daemon writes and flushes, call by call, read from what strace saw.

import assert from 'node:assert/strict';
import { relative } from 'node:path';

export type Event =
  | { readonly kind: 'write'; readonly file: string; readonly at: number | null; readonly data: Buffer }
  | { readonly kind: 'create'; readonly file: string }
  | { readonly kind: 'cut'; readonly file: string; readonly size: number }
  | { readonly kind: 'flush'; readonly file: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  /** A reply with this status left the daemon. */
  | { readonly kind: 'reply'; readonly status: number };

/** What strace has to be told. */
export const RECORDED = [
  '-xx',
  '-y',
  '-s',
  '1000000',
  '-e',
  'trace=pwrite64,write,writev,fsync,fdatasync,rename,ftruncate,openat',
] as const;

const text = (hex: string) => Buffer.from(hex.replaceAll('\\x', ''), 'hex');

/** @param root paths below it are told relative to it; others are left out */
export function eventsOf(trace: string, root: string): Event[] {
  return trace.split('\n').flatMap((line) => eventOf(line, root));
}

function eventOf(line: string, root: string): Event[] {
  if (/ = -1 /.test(line)) return [];
  const call = /^(\w+)\(/.exec(line)?.[1];
  const open = /^\w+\([^<]*<([^>]*)>/.exec(line)?.[1] ?? '';
  // With -xx strace writes paths of descriptors in hexadecimal too.
  const path = open.startsWith('\\x') ? text(open).toString() : open;
  const file = relative(root, path);
  const ours = !file.startsWith('..') && file !== '';
  const strings = [...line.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => text(hex));
  if (call === 'write' || call === 'writev') {
    const said = Buffer.concat(strings).toString('latin1');
    const status = /^HTTP\/1\.1 ([0-9]{3})/.exec(said)?.[1];
    if (status !== undefined) return [{ kind: 'reply', status: Number(status) }];
    return ours ? [{ kind: 'write', file, at: null, data: Buffer.concat(strings) }] : [];
  }
  if (call === 'rename') {
    const [from = '', to = ''] = strings.map((name) => relative(root, name.toString()));
    return from.startsWith('..') ? [] : [{ kind: 'rename', from, to }];
  }
  if (call === 'openat') {
    const made = relative(root, strings[0]?.toString() ?? '');
    return /O_(CREAT.*O_EXCL|TRUNC)/.test(line) && !made.startsWith('..')
      ? [{ kind: 'create', file: made }]
      : [];
  }
  if (!ours) return [];
  if (call === 'pwrite64') {
    const at = Number(/, (\d+)\) += \d+$/.exec(line)?.[1]);
    const [data = Buffer.alloc(0)] = strings;
    assert.ok(Number.isSafeInteger(at), line.slice(-80));
    return [{ kind: 'write', file, at, data }];
  }
  if (call === 'ftruncate') return [{ kind: 'cut', file, size: Number(/, (\d+)\)/.exec(line)?.[1]) }];
  if (call === 'fsync' || call === 'fdatasync') return [{ kind: 'flush', file }];
  return [];
}
