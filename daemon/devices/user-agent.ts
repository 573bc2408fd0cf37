// Owns reading what a browser says of itself. It is hostile text: bounded, and shown only where a table knows it.

/** No browser in use says more, and a pattern is not run over less bounded text. */
const LONGEST = 512;

export interface Agent {
  readonly browser: string | null;
  readonly system: string | null;
}

/** Browser and system by name; `null` for what is not known. */
export async function readUserAgent(userAgent: string | null): Promise<Agent> {
  const text = (userAgent ?? '').slice(0, LONGEST).trim();
  if (text === '') return { browser: null, system: null };
  // Loaded when somebody trusts a device: that is rare, and memory is not.
  const { BROWSER_MAP, OS_MAP, parse } = await import('bowser');
  const { browser, os } = parse(text);
  return { browser: among(BROWSER_MAP, browser.name), system: among(OS_MAP, os.name) };
}

/** Where the library knows no name, it takes one out of the text; that one is not shown. */
function among(map: Readonly<Record<string, string>>, name: string | undefined): string | null {
  return name !== undefined && Object.values(map).includes(name) ? name : null;
}
