/** As much of Markdown as docs/errors.md is written in: a heading, paragraphs, tables under headings, `code` and **strong**. */
export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'table'; title: string; head: string[]; rows: string[][] };

const cells = (line: string): string[] => line.split('|').slice(1, -1).map((cell) => cell.trim());

export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  let title = '';
  for (const part of text.trim().split(/\n\s*\n/)) {
    const lines = part.split('\n');
    if (part.startsWith('# ')) blocks.push({ kind: 'heading', text: part.slice(2) });
    else if (part.startsWith('## ')) title = part.slice(3);
    else if (part.startsWith('|')) blocks.push({ kind: 'table', title, head: cells(lines[0]!), rows: lines.slice(2).map(cells) });
    else blocks.push({ kind: 'paragraph', text: lines.join(' ') });
  }
  return blocks;
}

export interface Run {
  text: string;
  style: 'plain' | 'code' | 'strong';
}

export function readRuns(text: string): Run[] {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece.startsWith('`') ? { text: piece.slice(1, -1), style: 'code' as const }
      : piece.startsWith('**') ? { text: piece.slice(2, -2), style: 'strong' as const }
      : { text: piece, style: 'plain' as const });
}
