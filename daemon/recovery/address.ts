// Owns why an address cannot be a Security Email, in words. Pure.

import { Fault } from '../kernel/fault.ts';
import { readAddress } from '../mail/address.ts';

/**
 * The address as it is stored, without the spaces around it.
 * @throws Fault `malformed-address` with what is wrong with it; the address itself is not repeated
 */
export function securityAddress(typed: string): string {
  const address = readAddress(typed);
  if (address !== null) return address;
  throw new Fault(
    'malformed-address',
    `This is not an address that codes can be mailed to: ${whyNot(typed.trim())}. Nothing was changed.`,
    'Type it as the mail provider writes it, for example alice@example.com.',
  );
}

function whyNot(text: string): string {
  const at = text.lastIndexOf('@');
  if (/\p{C}|\p{Zl}|\p{Zp}/u.test(text)) return 'it contains a line break or an invisible character';
  if (text.length > 254) return 'it is longer than 254 characters';
  if (at < 0) return 'it has no @';
  if (/["<>,;:()[\]\\\s]/.test(text)) return 'it contains quotes, brackets, commas or spaces';
  if (/[^ -~]/.test(text.slice(0, at)))
    return 'before the @ it has a letter that not every mail server takes';
  if (/[^ -~]/.test(text.slice(at))) return 'behind the @ the international form is needed (xn--…)';
  if (at < 1 || at > 64) return 'the part before the @ is missing, or longer than 64 characters';
  return 'there is a part of it that no mailbox or mail server can be called';
}
