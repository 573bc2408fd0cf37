// Owns what the doctor can look at: the system, through a few questions. Pure: the answers come from elsewhere.

export interface SystemView {
  /** A file's text; `null` where it is not there or may not be read. */
  read(path: string): string | null;
  /** What a program printed, whatever its exit code; `null` where it could not be run. */
  run(program: string, args: readonly string[]): Promise<string | null>;
  /** Free space for who is not root, in bytes; `null` where that cannot be found out. */
  free(path: string): number | null;
  /** As uname(2) says. */
  readonly kernel: string;
}
