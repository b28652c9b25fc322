import { expect, test } from 'vitest';
import { partsOf } from './links';

const links = (text: string) => partsOf(text).filter((part) => part.isLink).map((part) => part.text);

test('addresses in a mail are found with their fragment, without what ends the sentence', () => {
  expect(links('Confirm: http://localhost:8080/verify-email#a-B_c\n\nOr not.')).toEqual(['http://localhost:8080/verify-email#a-B_c']);
  expect(links('See https://a.example/x?y=1, (https://b.example/z).')).toEqual(['https://a.example/x?y=1', 'https://b.example/z']);
});

test('nothing else becomes a link', () => {
  expect(links('javascript:alert(1) data:text/html,x ftp://a.example http:// <script>')).toEqual([]);
  expect(links('"https://a.example/"onmouseover="x"')).toEqual(['https://a.example/']);
});

test('no character is lost', () => {
  const text = 'a https://b.example/c d\nhttps://e.example';
  expect(partsOf(text).map((part) => part.text).join('')).toBe(text);
  expect(partsOf('')).toEqual([]);
});
