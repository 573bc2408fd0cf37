// Owns where Debian's packages come from: wherever this machine's own apt gets them.

import { execFileSync } from 'node:child_process';
import { Refusal } from './refusal.ts';

/** The address of the archive that apt uses here, without a slash at its end. @throws Refusal when apt has none */
export function machineMirror(): string {
  const archive = listed()
    .split('\n')
    .find((address) => /\/debian\/$/.test(address));
  if (archive === undefined) {
    throw new Refusal(
      'apt has no archive of Debian on this machine, so it is not known where packages come from.',
      'Name one with --mirror URL, or run apt-get update first.',
    );
  }
  return archive.replace(/\/$/, '');
}

/** What apt has lists of; nothing where there is no apt. */
function listed(): string {
  const words = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  try {
    return execFileSync('apt-get', words, { encoding: 'utf8' });
  } catch {
    return '';
  }
}
