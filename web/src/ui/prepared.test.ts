import { createElement, type ComponentType } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { prepared } from './prepared';

const Page = ({ name }: { name: string }) => createElement('p', null, name);
const meanwhile = createElement('i');
const drawn = (Part: ComponentType<{ name: string }>) => renderToStaticMarkup(createElement(Part, { name: 'Markets' }));

test('what was fetched before is drawn at once, and until then its place is held', async () => {
  const Part = prepared(() => Promise.resolve({ default: Page }), meanwhile);
  expect(drawn(Part)).toBe('<i></i>');
  Part.prepare();
  await Promise.resolve();
  await Promise.resolve();
  expect(drawn(Part)).toBe('<p>Markets</p>');
});

test('is fetched once, and again when that failed', async () => {
  let asked = 0;
  const Part = prepared(async () => {
    if (++asked === 1) throw new Error('no network');
    return { default: Page };
  }, meanwhile);
  const settled = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  Part.prepare();
  Part.prepare();
  await settled();
  expect(asked).toBe(1);
  Part.prepare();
  await settled();
  Part.prepare();
  await settled();
  expect(asked).toBe(2);
  expect(drawn(Part)).toBe('<p>Markets</p>');
});
