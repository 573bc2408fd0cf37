// Owns why the tests that build and boot images are left out.

/** False where they can run: as root, because they make networks and root file systems. */
export function reasonToSkip(): string | false {
  return process.getuid?.() === 0 ? false : 'images are built and booted as root';
}
