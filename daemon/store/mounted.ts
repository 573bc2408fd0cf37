// Owns the question whether the state's medium is there, or only the empty folder it is mounted on.

/**
 * False when fstab names a mount point at or above `path` (other than `/`) that is not mounted now: creating
 * state there would hide the real one and make everybody "not enrolled".
 */
export function isMounted(path: string, fstab: string, mountinfo: string): boolean {
  const expected = fstab
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .map((line) => plain(line.trim().split(/\s+/)[1] ?? ''))
    .filter((point) => point.startsWith('/') && point !== '/' && within(path, point));
  const mounted = new Set(mountinfo.split('\n').map((line) => plain(line.split(' ')[4] ?? '')));
  return expected.every((point) => mounted.has(point.replace(/\/+$/, '')));
}

function within(path: string, point: string): boolean {
  const folder = point.replace(/\/+$/, '');
  return path === folder || path.startsWith(`${folder}/`);
}

/** fstab(5) and mountinfo write a space as \040, and so on. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
