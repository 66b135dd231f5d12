/**
 * What somebody typed as an e-mail address or a phone number, as the server wants it: `+86 13800000000`.
 *
 * @param {string} text
 * @returns {{ email: string } | { phoneNumber: string } | undefined}
 */
export function parseAddress(text) {
  const trimmed = text.trim();
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(trimmed)) return { email: trimmed };
  const dialled = trimmed.replaceAll(/[-()]/g, "");
  const bare = dialled.replaceAll(" ", "");
  // A number of the mainland, with or without its country code.
  const mainland = /^(?:\+?86)?(1\d{10})$/.exec(bare);
  if (mainland) return { phoneNumber: `+86 ${mainland[1]}` };
  const abroad = /^\+(\d{1,4}) ([\d ]{4,20})$/.exec(dialled);
  return abroad ? { phoneNumber: `+${abroad[1]} ${(abroad[2] ?? "").replaceAll(" ", "")}` } : undefined;
}

/** What people sign in with: a user name as it is, an address as the server writes it. @param {string} text */
export function parseLogin(text) {
  const address = parseAddress(text);
  if (address === undefined) return text.trim();
  return "email" in address ? address.email : address.phoneNumber;
}

/** @param {{ email: string } | { phoneNumber: string }} address */
export const formatAddress = (address) => ("email" in address ? address.email : address.phoneNumber);
