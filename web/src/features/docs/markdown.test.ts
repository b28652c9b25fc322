import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMarkdown, readRuns } from './markdown';

describe('the page of error codes', () => {
  const blocks = readMarkdown(readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8'));
  it('is read whole: every code is the first cell of a row', () => {
    const codes = blocks.flatMap((b) => (b.kind === 'table' ? b.rows.map((r) => r[0]!) : []));
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.every((code) => /^`[a-z0-9_]+`(, `[a-z0-9_]+`)*$/.test(code))).toBe(true);
    expect(codes).toContain('`bad_cursor`');
  });
  it('has rows as wide as their heads', () => {
    for (const block of blocks) if (block.kind === 'table') for (const row of block.rows) expect(row).toHaveLength(block.head.length);
  });
  it('tells code and emphasis from text', () => {
    expect(readRuns('a `b` **c**')).toEqual([
      { text: 'a ', style: 'plain' }, { text: 'b', style: 'code' }, { text: ' ', style: 'plain' }, { text: 'c', style: 'strong' },
    ]);
  });
});
