/** A text in parts: plain words and addresses of pages. */
export interface TextPart {
  text: string;
  isLink: boolean;
}

// What ends a sentence belongs to it and not to the address.
const kAddress = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;

export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(kAddress)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), isLink: false });
    parts.push({ text: match[0], isLink: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isLink: false });
  return parts;
}
