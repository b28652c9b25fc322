/** Hands a file to the browser that `document` is in; a panel may be in another window than the page. */
export function saveFile(name: string, content: Blob, document: Document = window.document): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
