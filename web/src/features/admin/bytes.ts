const kUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** "1.5 GiB": three digits or so. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < kUnits.length - 1) {
    value /= 1024;
    ++unit;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${kUnits[unit]}`;
}
