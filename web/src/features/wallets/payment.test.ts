import { describe, expect, it } from 'vitest';
import { isAmount, paymentLink } from './payment';
import { deviceLabel } from './device';

const stellar = { chain: 'stellar', address: 'GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6' } as const;

describe('a request to pay', () => {
  it('names the account, and the amount where there is one', () => {
    expect(paymentLink(stellar, '')).toBe(`web+stellar:pay?destination=${stellar.address}`);
    expect(paymentLink(stellar, '12.5')).toBe(`web+stellar:pay?destination=${stellar.address}&amount=12.5`);
    expect(paymentLink({ chain: 'solana', address: 'So11111111111111111111111111111111111111112' }, '1')).toBe('solana:So11111111111111111111111111111111111111112?amount=1');
  });

  it('carries no amount that is none', () => {
    for (const wrong of ['0', '0.0', '-1', '1.00000001', '1e3', '1,5', '.5', '01', 'a', '1&memo=x', '9999999999999']) {
      expect(isAmount(wrong)).toBe(false);
      expect(paymentLink(stellar, wrong)).toBe(`web+stellar:pay?destination=${stellar.address}`);
    }
    for (const good of ['', '1', '0.0000001', '922337203685.4775807']) expect(isAmount(good)).toBe(true);
  });
});

describe('a device', () => {
  it('is called as its browser calls itself', () => {
    expect(deviceLabel('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox on Linux');
    expect(deviceLabel('Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36')).toBe('Chrome on Android');
    expect(deviceLabel('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1')).toBe('Safari on iOS');
    expect(deviceLabel('curl/8')).toBe('Browser');
  });
});
