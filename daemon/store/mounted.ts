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
  const mounts = mountinfo.split('\n').map(mountOf);
  const mounted = new Set(mounts.filter((mount) => !isOnlyBound(mount, mounts)).map(({ point }) => point));
  return expected.every((point) => mounted.has(point.replace(/\/+$/, '')));
}

interface Mount {
  readonly device: string;
  /** Which folder of the device is seen. */
  readonly root: string;
  readonly point: string;
}

function mountOf(line: string): Mount {
  const [, , device = '', root = '', point = ''] = line.split(' ');
  return { device, root: plain(root), point: plain(point) };
}

/**
 * Is it the folder that would be there anyway, mounted onto itself? systemd's sandbox does so to leave one folder writable,
 * and it is then in the list of mounts whether its medium is there or not.
 */
function isOnlyBound({ device, root, point }: Mount, mounts: readonly Mount[]): boolean {
  const above = mounts
    .filter((one) => one.point !== point && within(point, one.point))
    .sort((a, b) => b.point.length - a.point.length)[0];
  if (above === undefined || above.device !== device) return false;
  const below = point.slice(above.point.replace(/\/+$/, '').length);
  return root === `${above.root.replace(/\/+$/, '')}${below}`;
}

function within(path: string, point: string): boolean {
  const folder = point.replace(/\/+$/, '');
  return path === folder || path.startsWith(`${folder}/`);
}

/** fstab(5) and mountinfo write a space as \040, and so on. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
