// Owns the way the image builder says no: what is wrong, and what to do next.

/** Ends a build that cannot go on. `hint` is what the person can do about it. */
export class Refusal extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'Refusal';
    this.hint = hint;
  }
}
