import { t } from '@/strings';
import { saveFile } from '@/ui/file';
import { toast } from '@/ui/toasts';
import { exactTime } from '@/domain/time';
import type { Plot } from './plot';
import type { ChartSettings } from './settings';

const kHeaderPx = 28;

/** The chart as a PNG file, with a line that says what it is and when. */
export async function saveScreenshot(plot: Plot, { symbol, settings, document }: { symbol: string; settings: ChartSettings; document: Document }): Promise<void> {
  const picture = plot.chart.takeScreenshot(true, false);
  const scale = picture.width / Math.max(1, plot.chart.options().width || picture.width);
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height + kHeaderPx * scale;
  const context = canvas.getContext('2d')!;
  context.fillStyle = plot.palette.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, kHeaderPx * scale);
  context.scale(scale, scale);
  context.fillStyle = plot.palette.text;
  context.font = `600 13px ${plot.palette.fontText}`;
  context.fillText(`${symbol} · ${settings.interval} · ${exactTime(Date.now())} · ${t.product}`, 8, 18);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) return toast(t.states.failed, 'warn');
  saveFile(`${symbol}-${settings.interval}.png`.replace(':', '-'), blob, document);
  toast(t.chart.screenshotSaved);
}
