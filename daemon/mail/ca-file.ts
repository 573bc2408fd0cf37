// Owns reading the certificates that a private mail server is trusted by.

import { X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';

const LONGEST = 65_536;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

export type CaFile =
  | { readonly kind: 'certificates'; readonly pem: string }
  /** Nothing of what is in the file is ever repeated: somebody may have named a file that is none of his business. */
  | { readonly kind: 'useless'; readonly why: 'cannot be read' | 'holds no certificate' };

/** The certificates in a PEM file, and nothing else of it. Never rejects. @param path absolute */
export async function readCaFile(path: string): Promise<CaFile> {
  const text = await head(path).catch(() => null);
  if (text === null) return { kind: 'useless', why: 'cannot be read' };
  const found = text.match(CERTIFICATE) ?? [];
  return found.length > 0 && found.every(isCertificate)
    ? { kind: 'certificates', pem: found.join('\n') }
    : { kind: 'useless', why: 'holds no certificate' };
}

async function head(path: string): Promise<string> {
  await using file = await open(path, 'r');
  // A device or a pipe might never end.
  if (!(await file.stat()).isFile()) throw new Error('not a file');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
  return buffer.toString('latin1', 0, bytesRead);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
