import type { Size } from '@/ui/size';
import type { Widget } from '../board';
import type { Row } from '../series';

export interface ViewProps {
  widget: Widget;
  /** Never empty. */
  rows: readonly Row[];
  total: number;
  kind: 'endpoint' | 'channel';
  /** Of the widget's body. */
  size: Size;
}
