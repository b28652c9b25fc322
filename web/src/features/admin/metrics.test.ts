import { describe, expect, it } from 'vitest';
import { bytesText } from './bytes';
import { quantileOf, samplesOf, totalOf } from './metrics';

const text = `# HELP astrolabe_connections Open connections.
# TYPE astrolabe_connections gauge
astrolabe_connections 12
astrolabe_http_requests_total{route="/api/v1/mev/wallets/{address}",status="200"} 40
astrolabe_http_requests_total{route="say \\"hi\\"\\n",status="404"} 2
astrolabe_http_request_seconds_bucket{route="a",le="0.001"} 90
astrolabe_http_request_seconds_bucket{route="a",le="0.01"} 99
astrolabe_http_request_seconds_bucket{route="a",le="+Inf"} 100
astrolabe_http_request_seconds_bucket{route="b",le="0.001"} 100
astrolabe_http_request_seconds_bucket{route="b",le="0.01"} 100
astrolabe_http_request_seconds_bucket{route="b",le="+Inf"} 100
not a line
astrolabe_nothing NaN
`;

describe('metrics', () => {
  const samples = samplesOf(text);

  it('are read line by line, labels with braces and quotes too', () => {
    expect(samples).toHaveLength(9);
    expect(samples[1]).toEqual({ name: 'astrolabe_http_requests_total', labels: { route: '/api/v1/mev/wallets/{address}', status: '200' }, value: 40 });
    expect(samples[2]?.labels.route).toBe('say "hi"\n');
  });

  it('are summed over their labels; what is not there is not nothing', () => {
    expect(totalOf(samples, 'astrolabe_http_requests_total')).toBe(42);
    expect(totalOf(samples, 'astrolabe_connections')).toBe(12);
    expect(totalOf(samples, 'astrolabe_gone')).toBeNull();
  });

  it('give the bound below which a share lies, of all routes together', () => {
    expect(quantileOf(samples, 'astrolabe_http_request_seconds', 0.5)).toBe(0.001);
    expect(quantileOf(samples, 'astrolabe_http_request_seconds', 0.99)).toBe(0.01);
    expect(quantileOf(samples, 'astrolabe_http_request_seconds', 0.999)).toBe(Infinity);
    expect(quantileOf(samples, 'astrolabe_gone', 0.5)).toBeNull();
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [150 * 2 ** 20, '150 MiB'],
    [1.5 * 2 ** 30, '1.50 GiB'],
  ])('%i is %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
