// Owns the line format of passwd(5) and group(5).

import type { Account } from './account.ts';
import { isName, isPrintable } from './directory.ts';

const HIGHEST_ID = 4_294_967_294;

/** A uid or gid in decimal, 0 to 4294967294; null for anything else. */
export function parseId(text: string): number | null {
  if (!/^[0-9]{1,10}$/.test(text)) return null;
  const id = Number(text);
  return id <= HIGHEST_ID ? id : null;
}

/** One line of passwd(5) without its line end; null where it is malformed. */
export function parsePasswdLine(line: string): Account | null {
  const fields = line.split(':');
  const [name = '', , uidText = '', gidText = '', gecos = '', home = '', shell = ''] = fields;
  const uid = parseId(uidText);
  const gid = parseId(gidText);
  if (fields.length !== 7 || !isName(name) || uid === null || gid === null) return null;
  if (!isPrintable(home) || !isPrintable(shell)) return null;
  return {
    name,
    uid,
    gid,
    // People choose it themselves (chfn, LDAP): one that could drive a terminal is left out, not an error.
    ...(gecos && isPrintable(gecos) && { gecos }),
    ...(home && { home }),
    shell,
  };
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** One line of group(5) without its line end; null where it is malformed. */
export function parseGroupLine(line: string): Group | null {
  const fields = line.split(':');
  const [name = '', , gidText = '', members = ''] = fields;
  const gid = parseId(gidText);
  if (fields.length !== 4 || !isName(name) || gid === null) return null;
  return { name, gid, members: members.split(',').filter((member) => member !== '') };
}
